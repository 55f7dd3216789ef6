import { type Call, isRecord, objectField, textField } from "./read-call.ts";
import { readHtml } from "./read-html.ts";
import type { PostedButton } from "./records.ts";
import { badRequest } from "./refusal.ts";

/** core.telegram.org/bots/api#sendmessage, #sendphoto */
const MAX_TEXT_LENGTH = 4096;
const MAX_CAPTION_LENGTH = 1024;
/** core.telegram.org/bots/api#inlinekeyboardbutton */
const MAX_CALLBACK_BYTES = 64;

/** A text as it is shown, and as it was sent when it has markup. */
export interface CheckedText {
  readonly text: string;
  readonly html: string | null;
}

/** The text or caption of a call; throws what Telegram says to one that it does not take. */
export function checkedText(call: Call, field: "text" | "caption"): CheckedText {
  const raw = textField(call, field) ?? "";
  const isHtml = textField(call, "parse_mode")?.toUpperCase() === "HTML";
  const read = isHtml ? readHtml(raw) : { kind: "text" as const, text: raw };
  if (read.kind === "refused") throw badRequest(read.description);
  if (field === "text" && read.text.trim() === "") throw badRequest("message text is empty");
  if (field === "text" && read.text.length > MAX_TEXT_LENGTH) throw badRequest("message is too long");
  if (field === "caption" && read.text.length > MAX_CAPTION_LENGTH) throw badRequest("message caption is too long");
  return { text: read.text, html: isHtml ? raw : null };
}

/** The buttons of a call; throws what Telegram says to ones that it does not take. */
export function checkedButtons(call: Call): readonly (readonly PostedButton[])[] {
  const rows = objectField(call, "reply_markup")?.inline_keyboard;
  if (!Array.isArray(rows)) return [];
  return rows.map((row: unknown) => (Array.isArray(row) ? row.map(checkedButton) : []));
}

function checkedButton(button: unknown): PostedButton {
  if (!isRecord(button) || typeof button.text !== "string" || button.text === "") {
    throw badRequest("inline keyboard button text must be non-empty");
  }
  const data = button.callback_data;
  if (typeof data !== "string" || data === "" || Buffer.byteLength(data) > MAX_CALLBACK_BYTES) {
    throw badRequest("BUTTON_DATA_INVALID");
  }
  return {
    text: button.text,
    callback_data: data,
    ...(typeof button.style === "string" ? { style: button.style } : {}),
  };
}
