import type { Refusal } from "./refusal.ts";

/** What goes wrong with a call. */
export type Fault =
  /** The call is not carried out, and answered like this. */
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** The call is not carried out, and never answered. */
  | { readonly kind: "hang" }
  /** The call is not carried out; the connection is cut. */
  | { readonly kind: "closed" }
  /** The call is carried out; the connection is cut instead of an answer. */
  | { readonly kind: "unanswered" }
  /** The call is not carried out; a page of a proxy comes back, as HTML, with this status. */
  | { readonly kind: "garbage"; readonly status: number };

/** The faults there are names for. */
export const faults = {
  /** Too many calls. */
  rateLimited: (retryAfterSeconds: number): Fault => ({
    kind: "refused",
    refusal: {
      code: 429,
      description: `Too Many Requests: retry after ${retryAfterSeconds}`,
      parameters: { retry_after: retryAfterSeconds },
    },
  }),
  serverError: refused(500, "Internal Server Error"),
  unauthorized: refused(401, "Unauthorized"),
  secondPoller: refused(
    409,
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
  ),
  markupRefused: refused(400, `Bad Request: can't parse entities: Unsupported start tag "x" at byte offset 0`),
  blocked: refused(403, "Forbidden: bot was blocked by the user"),
  hang: { kind: "hang" },
  closed: { kind: "closed" },
  unanswered: { kind: "unanswered" },
  garbage: { kind: "garbage", status: 200 },
  badGateway: { kind: "garbage", status: 502 },
} as const satisfies Record<string, Fault | ((seconds: number) => Fault)>;

/** Any other refusal. */
export function refused(code: number, description: string): Fault {
  return { kind: "refused", refusal: { code, description } };
}

/** Which calls a fault is for. */
export interface FaultScope {
  /** How many calls; absent: the next one. `Infinity`: all until the faults are cleared. */
  readonly times?: number;
  /** Only calls about this chat. */
  readonly chatId?: string;
}

/** The faults that are to come. */
export interface FaultBook {
  add(method: string, fault: Fault, scope: FaultScope): void;
  /** The fault for a call, used up by this once; null when nothing goes wrong. */
  take(method: string, chatId: string | null): Fault | null;
  clear(): void;
}

/** No faults. `*` as a method stands for every one. */
export function openFaultBook(): FaultBook {
  const book: { method: string; fault: Fault; left: number; chatId: string | null }[] = [];
  return {
    add(method, fault, { times = 1, chatId = null }) {
      book.push({ method, fault, left: times, chatId });
    },
    take(method, chatId) {
      if (book.length === 0) return null;
      const index = book.findIndex(
        (entry) =>
          (entry.method === "*" || entry.method === method) && (entry.chatId === null || entry.chatId === chatId),
      );
      const entry = book[index];
      if (entry === undefined) return null;
      entry.left -= 1;
      if (entry.left <= 0) book.splice(index, 1);
      return entry.fault;
    },
    clear() {
      book.length = 0;
    },
  };
}
