import { keptAttachments } from "../message/kept-attachments.ts";
import { selectMessagesBefore } from "../store/messages.ts";
import { selectLiveSession } from "../store/sessions.ts";
import type { TranscriptMessage } from "../store/transcript-line.ts";
import { type Command, says } from "./command.ts";
import { readCount } from "./read-count.ts";
import { shownLine } from "./session-line.ts";
import { speakerName } from "./speaker-name.ts";
import { timeText } from "./time-text.ts";

const USUAL_LINES = 10;
/** A few posts: `/export` has the rest. */
const MAX_LINES = 50;
/** Longest part of a line, in characters: enough to know it again. */
const MAX_SHOWN = 200;

/** `/history [n]`: the last lines of this conversation, each cut. */
export const historyCommand: Command = {
  name: "history",
  usage: "[n]",
  summary: `Show the last ${USUAL_LINES} messages of this conversation, or the last n (up to ${MAX_LINES}).`,
  group: "session",
  answer: "private",
  run(call) {
    const count = readCount(call.argument, USUAL_LINES, MAX_LINES);
    if (count === null)
      return says(`/history: expected a number from 1 to ${MAX_LINES}, or nothing for ${USUAL_LINES}.`);
    const session = selectLiveSession(call.tx, call.key);
    const lines = session === null ? [] : selectMessagesBefore(call.tx, session.id, Number.MAX_SAFE_INTEGER, count);
    if (session === null || lines.length === 0) return says("Nothing was said in this conversation yet.");
    const earlier = session.message_count - lines.length;
    const head = earlier === 0 ? [] : [`${earlier} earlier message${earlier === 1 ? "" : "s"}: /export has them all.`];
    return says([...head, ...shownLines(lines, call.timeZone)].join("\n"));
  },
};

/** The day where it changes, and each line with its time. */
function shownLines(lines: readonly TranscriptMessage[], timeZone: string): readonly string[] {
  let shownDay = "";
  return lines.flatMap((line) => {
    const [day = "", time = ""] = timeText(line.atMs, timeZone).split(", ");
    const shown = `${time} **${speakerName(line)}:** ${wordsOf(line)}`;
    if (day === shownDay) return [shown];
    shownDay = day;
    return [`*${day}*`, shown];
  });
}

function wordsOf({ content, extra }: TranscriptMessage): string {
  const files = keptAttachments(extra).names.map((name) => `(file: ${shownLine(name, MAX_SHOWN)})`);
  const mark = extra?.incomplete === undefined ? [] : ["(unfinished)"];
  return [shownLine(content, MAX_SHOWN), ...files, ...mark].filter((part) => part !== "").join(" ");
}
