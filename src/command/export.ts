import { selectMessagesBefore } from "../store/messages.ts";
import type { SessionRow } from "../store/session.ts";
import { sessionTitle } from "../store/session-title.ts";
import { selectLiveSession } from "../store/sessions.ts";
import { type TranscriptMessage, transcriptLine } from "../store/transcript-line.ts";
import { type Command, type CommandCall, says } from "./command.ts";
import { shownLine } from "./session-line.ts";
import { speakerName } from "./speaker-name.ts";
import { timeText } from "./time-text.ts";

/** Largest file, in bytes: Discord takes 10 MB without boosts, the other platforms more. */
const MAX_BYTES = 10_000_000;
/** Lines read at a time: each may be a megabyte. */
const PAGE = 20;
const MAX_TITLE = 200;

/** What a format is called, and how it writes. JSONL is the very text of the transcript's file. */
const FORMATS = {
  md: { mimeType: "text/markdown", head: markdownHead, piece: markdownOf },
  jsonl: { mimeType: "text/plain", head: () => "", piece: transcriptLine },
} as const;

/** `/export [md | jsonl]`: this conversation as a file. */
export const exportCommand: Command = {
  name: "export",
  usage: "[md | jsonl]",
  summary: "Send this conversation as a file: Markdown, or JSON lines.",
  group: "session",
  run(call) {
    const extension = call.argument === "" ? "md" : call.argument.toLowerCase();
    if (extension !== "md" && extension !== "jsonl")
      return says("/export: expected `md` or `jsonl`, or nothing for `md`.");
    const session = selectLiveSession(call.tx, call.key);
    if (session === null || session.message_count === 0) return says("Nothing was said in this conversation yet.");
    const { mimeType, head, piece } = FORMATS[extension];
    const start = head(call, session);
    const { pieces, isWhole } = newestPieces(call, session, piece, MAX_BYTES - Buffer.byteLength(start));
    const file = call.keepFile(`${session.session_id}.${extension}`, mimeType, start + pieces.join(""));
    const count = isWhole
      ? `${pieces.length} message${pieces.length === 1 ? "" : "s"}`
      : `the newest ${pieces.length} of ${session.message_count} messages: a file has at most ${MAX_BYTES / 1_000_000} MB`;
    return { ...says(`Here is this conversation, ${count}.`), files: [file] };
  },
};

/** The newest lines that fit, in order. */
function newestPieces(
  call: CommandCall,
  session: SessionRow,
  pieceOf: (line: TranscriptMessage, timeZone: string) => string,
  roomBytes: number,
): { readonly pieces: readonly string[]; readonly isWhole: boolean } {
  const newestFirst: string[] = [];
  let leftBytes = roomBytes;
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const page = selectMessagesBefore(call.tx, session.id, before, PAGE).reverse();
    for (const line of page) {
      const piece = pieceOf(line, call.timeZone);
      leftBytes -= Buffer.byteLength(piece);
      if (leftBytes < 0) return { pieces: newestFirst.reverse(), isWhole: false };
      newestFirst.push(piece);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return { pieces: newestFirst.reverse(), isWhole: true };
    before = last.seq;
  }
}

function markdownHead({ tx, timeZone }: CommandCall, session: SessionRow): string {
  const title = shownLine(sessionTitle(tx, session) ?? "Conversation", MAX_TITLE);
  const since = timeText(session.created_at_ms, timeZone);
  return `# ${title}\n\nSession ${session.session_id}, since ${since}. Times are in ${timeZone}.\n`;
}

/** What the agent says stays as it is; everybody else's words are a quotation, which cannot pass for one of our headings. */
function markdownOf(line: TranscriptMessage, timeZone: string): string {
  const text = line.content.trimEnd();
  const words = line.role === "assistant" ? text : text.replace(/^/gm, "> ");
  return `\n## ${speakerName(line)}, ${timeText(line.atMs, timeZone)}\n\n${words}\n`;
}
