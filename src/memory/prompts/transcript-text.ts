import { cutText } from "../../session/untrusted-text.ts";
import { quotedBlock } from "../quote-as-data.ts";
import { hideSecrets } from "../secrets.ts";
import type { LogLine } from "../summary.ts";

/** What a model is shown of one message, in UTF-16 units: about 1,500 tokens. */
const MAX_SPOKEN_LENGTH = 6000;
/** Tools say much that nobody needs again. */
const MAX_TOOL_LENGTH = 1000;

/** Lines of a log for a prompt: who spoke, then the text with every line quoted and secrets hidden. */
export function transcriptText(lines: readonly LogLine[], aliases: ReadonlyMap<string, string>): string {
  return lines
    .map((line) => {
      const alias = line.role === "user" && line.senderId !== null ? aliases.get(line.senderId) : undefined;
      const text = cutText(line.text, line.role === "tool" ? MAX_TOOL_LENGTH : MAX_SPOKEN_LENGTH);
      return `[${line.seq}] ${line.role}${alias === undefined ? "" : ` ${alias}`}:\n${quotedBlock(hideSecrets(text))}`;
    })
    .join("\n");
}
