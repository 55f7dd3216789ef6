/** An answer of the Bot API's that says no (core.telegram.org/bots/api#making-requests). */
export interface Refusal {
  readonly code: number;
  readonly description: string;
  readonly parameters?: { readonly retry_after?: number; readonly migrate_to_chat_id?: number };
}

/** Thrown by a method that says no. */
export class RefusalError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.description);
    this.refusal = refusal;
  }
}

/** Says no as Telegram does to a call that is wrong. */
export function badRequest(what: string, parameters?: Refusal["parameters"]): RefusalError {
  return new RefusalError({
    code: 400,
    description: `Bad Request: ${what}`,
    ...(parameters === undefined ? {} : { parameters }),
  });
}
