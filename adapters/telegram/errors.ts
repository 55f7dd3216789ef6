import { GrammyError, HttpError } from "grammy";
import { DeliveryError, type DeliveryFailure } from "../../src/platform/delivery-error.ts";
import { neverConnected } from "../../src/platform/never-connected.ts";

/** What Telegram's 400s mean, by their words (there is no list of them; the method pages name some). */
const refusals: readonly (readonly [RegExp, DeliveryFailure])[] = [
  [/message is too long|text is too long|caption is too long|CAPTION_TOO_LONG|MESSAGE_TOO_LONG/i, "too_long"],
  [/can't parse entities|ENTITY_BOUNDS_INVALID|unsupported parse_mode/i, "bad_format"],
  [/chat not found|PEER_ID_INVALID|group chat was upgraded|group chat was deactivated|user not found/i, "gone"],
  [/message thread not found|TOPIC_DELETED|TOPIC_ID_INVALID/i, "gone"],
  [/message to edit not found|message can't be edited|MESSAGE_ID_INVALID/i, "gone"],
  [/file is too big|too big for|file too large|entity too large/i, "too_long"],
  [/wrong file|invalid file_id|file is temporarily unavailable|FILE_REFERENCE/i, "gone"],
  [
    /not enough rights|have no rights|CHAT_WRITE_FORBIDDEN|TOPIC_CLOSED|need administrator rights|RESTRICTED/i,
    "forbidden",
  ],
];

/** What became of a call, from whatever grammy threw. Neither the message nor the cause holds the token or what people wrote. */
export function deliveryErrorOf(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  if (error instanceof GrammyError) return refusalOf(error);
  if (error instanceof HttpError) return notReached(error);
  const name = error instanceof Error ? error.name : typeof error;
  return new DeliveryError("unknown", `the call to Telegram failed: ${name}`, { certain: false, cause: error });
}

/** The chat's new id, where a group was told to have become a supergroup; null otherwise. */
export function movedTo(error: unknown): string | null {
  if (!(error instanceof GrammyError)) return null;
  const { migrate_to_chat_id: chatId } = error.parameters;
  return chatId === undefined ? null : String(chatId);
}

/** Whether Telegram said no to the markup, so that the same words may go out plain. */
export function isMarkupRefused(error: unknown): boolean {
  return error instanceof GrammyError && /can't parse entities/i.test(error.description);
}

/** Whether a change was refused because it changes nothing. */
export function isNotModified(error: unknown): boolean {
  return error instanceof GrammyError && /message is not modified/i.test(error.description);
}

/** Whether the server does not know a method: an older one, or one of somebody else's. */
export function isMethodUnknown(error: unknown): boolean {
  if (!(error instanceof GrammyError)) return false;
  return error.error_code === 404 || /method not found|unknown method|not supported/i.test(error.description);
}

function refusalOf(error: GrammyError): DeliveryError {
  const { error_code: code, method } = error;
  const message = `Telegram refused ${method}: ${code} ${withoutTheirWords(error.description)}`;
  if (code === 429) {
    const { retry_after: seconds } = error.parameters;
    // One chat's pace or all of them: Telegram does not say, so that nobody else is made to wait.
    return new DeliveryError("rate_limited", message, {
      certain: true,
      retryAfterMs: seconds === undefined ? null : seconds * 1_000,
    });
  }
  if (code >= 500) return new DeliveryError("unreachable", message, { certain: false });
  // A token that is not even shaped like one leads to a path that does not exist.
  if (code === 401 || code === 404) return new DeliveryError("unauthorized", message, { certain: true, scope: "bot" });
  if (code === 403) return new DeliveryError("forbidden", message, { certain: true });
  if (code === 413) return new DeliveryError("too_long", message, { certain: true });
  const kind = refusals.find(([words]) => words.test(error.description))?.[1];
  // What else it finds wrong with a call it would find wrong every time.
  return new DeliveryError(kind ?? "bad_format", message, { certain: true });
}

/** Descriptions quote the tag or the link that was not understood. */
function withoutTheirWords(description: string): string {
  return description.replace(/(can't parse entities).*/is, "$1");
}

function notReached({ error }: HttpError): DeliveryError {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
  const reason = code ?? reasonOf(error);
  const isAnswered = error instanceof SyntaxError;
  return new DeliveryError("unreachable", `Telegram was not reached: ${reason}`, {
    certain: neverConnected(error),
    scope: isAnswered ? "chat" : "bot",
    // The library's own error has the address of the call in it, and with that the token.
    cause: new Error(reason),
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  if (error.name === "AbortError") return "the call was given up";
  if (error instanceof SyntaxError) return "its answer was no JSON";
  return /^Request to '\w+' timed out after \d+ seconds$/.test(error.message) ? error.message : error.name;
}
