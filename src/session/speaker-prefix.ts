import { cleanText, cutText } from "./untrusted-text.ts";

/** Longest name in a prefix, in UTF-16 units; it stands before every line of a shared conversation. */
const MAX_SPEAKER_LENGTH = 64;
/** ASCII brackets and those that look like them: a name must not close its own prefix, not even to the eye. */
const brackets = /[[\]\uff3b\uff3d\u3010\u3011\u27e6\u27e7]/g;

/** `[name] `, which stands before a person's line where several people speak; `[someone] ` when no name is left. */
export function speakerPrefix(name: string | null): string {
  const clean = cleanText((name ?? "").replace(brackets, " "));
  return `[${clean === "" ? "someone" : cutText(clean, MAX_SPEAKER_LENGTH)}] `;
}
