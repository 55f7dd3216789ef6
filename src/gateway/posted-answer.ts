import type { Attachment } from "../message/message.ts";
import type { Adapter } from "../platform/adapter.ts";
import { cutText } from "../session/untrusted-text.ts";
import type { Answer } from "./run-agent.ts";

/** Longest answer that is posted as messages, in UTF-16 units: ten posts on Telegram. A longer one buries the chat. */
export const MAX_POSTED_LENGTH = 40_000;
/** How much of a longer one is shown above its file. */
const SHOWN_LENGTH = 3_000;
const THE_REST = "*(The whole answer is in the file.)*";

/** What is posted of an answer: all of it, or its beginning and a file with the whole. The transcript has the whole in any case. */
export async function postedAnswer(
  answer: Answer,
  adapter: Adapter | undefined,
  keepText: (name: string, text: string) => Promise<Attachment>,
): Promise<Pick<Answer, "posted" | "files">> {
  const { text, files } = answer;
  if (text.length <= MAX_POSTED_LENGTH || adapter?.split === undefined) return { posted: text, files };
  try {
    const whole = await keepText("answer.md", text);
    return { posted: cutForPosting(text), files: [whole, ...files] };
  } catch {
    // A disk that takes no file may still take rows: better many posts than no answer.
    return { posted: text, files };
  }
}

/** The beginning of a text that is too long to be posted, above the file with the whole. */
export function cutForPosting(text: string): string {
  return `${cutText(text, SHOWN_LENGTH)}\n\n${THE_REST}`;
}
