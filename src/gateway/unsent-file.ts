import { sizeText } from "../media/attachment-size.ts";
import type { Attachment } from "../message/message.ts";
import type { DeliveryFailure } from "../platform/delivery-error.ts";
import { cleanText, cutText } from "../session/untrusted-text.ts";
import type { WaitingPost } from "./attempt-post.ts";

/** Longest file name that is shown, in UTF-16 units. */
const MAX_NAME_LENGTH = 120;

/**
 * What the people of a chat are told in the place of a file that its platform does not take, as markdown; null where it is no file, or
 * something else is wrong. A text that is not posted is missed, a file that never comes looks like a promise.
 */
export function unsentFileText({ file }: Pick<WaitingPost, "file">, kind: DeliveryFailure): string | null {
  if (file === null) return null;
  const { name, sizeBytes } = JSON.parse(file) as Attachment;
  const shown = `\`${cutText(cleanText(name).replace(/`/g, "'"), MAX_NAME_LENGTH) || "file"}\``;
  switch (kind) {
    case "too_long":
      return `I could not send ${shown}: with ${sizeText(sizeBytes)} it is too large for this chat.`;
    case "bad_format":
      return `I could not send ${shown}: this chat does not take it.`;
    case "rate_limited":
    case "unreachable":
    case "forbidden":
    case "gone":
    case "unauthorized":
    case "unknown":
      return null;
  }
}
