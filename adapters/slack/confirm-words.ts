import type { Receipt } from "./receive.ts";

/** What a confirmation may say: shown to the sender of a slash command alone. */
export interface ConfirmWords {
  readonly response_type: "ephemeral";
  readonly text: string;
}

/** The words that go with a confirmation; null for none. */
export function confirmWords(receipt: Extract<Receipt, { kind: "confirm" }>): ConfirmWords | null {
  return receipt.reply === null ? null : { response_type: "ephemeral", text: receipt.reply };
}
