import type { AttachmentKind } from "../message/message.ts";
import { kindOf, plainType, UNKNOWN_TYPE } from "./media-types.ts";
import { isTellable, signatureOf } from "./signatures.ts";

/** What a file is taken for. */
export interface SettledType {
  readonly kind: AttachmentKind;
  readonly mimeType: string;
}

/**
 * What a file is, from its beginning (`HEAD_BYTES` suffice) and what its sender claims. Content that tells what it is
 * wins; what should have told and does not is a plain file of unknown type. The kind follows the type.
 */
export function settledType(claimed: SettledType, head: Uint8Array): SettledType {
  const mimeType = typeOf(plainType(claimed.mimeType), head);
  return { mimeType, kind: kindOf(mimeType, claimed.kind === "voice") };
}

function typeOf(claimed: string, head: Uint8Array): string {
  const signature = signatureOf(head);
  if (signature !== null) return signature.others.includes(claimed) ? claimed : signature.type;
  const isMedia = /^(?:image|audio|video)\//.test(claimed);
  if (isMedia || isTellable(claimed)) return UNKNOWN_TYPE;
  return claimed.startsWith("text/") && !isText(head) ? UNKNOWN_TYPE : claimed;
}

/** No text has a zero byte, but UTF-16 and UTF-32, which begin with a byte order mark. */
function isText(head: Uint8Array): boolean {
  const hasMark = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  return hasMark || !head.includes(0);
}
