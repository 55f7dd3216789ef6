import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { goThrough, type Outcome, type Timetable, type TimetableOptions } from "./timetable.ts";

/** A timetable, and what has to come of it: its turns, what was said (absent: the answers, in order) and what was refused. */
export interface QueueRow
  extends Partial<Omit<TimetableOptions, "mode">>,
    Partial<Pick<Outcome, "posts" | "refused" | "left">> {
  readonly name: string;
  readonly happens: Timetable;
  readonly turns: readonly string[];
  /** What `/queue clear` has dropped: no line has it. */
  readonly dropped?: readonly string[];
}

/** What commands of the tables say. */
export const whoami = "You: `memory:u`\nThis chat: `memory:c` (dm)";
const chosen = (mode: string, what: string) => `Queue: ${mode}, ${what}. It holds for this conversation.`;
export const tooMany = "Too many messages are waiting here. Please wait for an answer first.";
export const collects = chosen("collect", "what arrives while I answer becomes one next turn");
export const interrupts = chosen("interrupt", "a new message ends the answer that is being worked on");
export const interruptStands =
  "Queue: interrupt, a new message ends the answer that is being worked on. One message waits.\n/queue and one of collect, followup, steer changes it for this conversation.";
export const follows = chosen("followup", "each message is answered by itself, in order");

/** Goes through each row of a mode's table: its turns, its posts, and each line once in the transcript. */
export function testQueueMode(mode: TimetableOptions["mode"], rows: readonly QueueRow[]): void {
  describe(`queue mode ${mode}`, () => {
    for (const { name, happens, turns, posts, refused = [], left = 0, dropped = [], ...options } of rows) {
      test(name, async () => {
        const outcome = await goThrough(happens, { mode, ...options });
        const answered = happens.flatMap(([, what]) => (what.kind === "answered" ? [what.text] : []));
        assert.deepEqual(
          { turns: outcome.turns, posts: outcome.posts, refused: outcome.refused, left: outcome.left },
          { turns, posts: posts ?? answered, refused, left },
        );
        const lost = [...refused, ...dropped.map((text) => `${text}: dropped`)];
        assert.deepEqual(saidIn(outcome.lines), saidOnce(happens, lost), "each line is there once, in order");
      });
    }
  });
}

/** What people said, according to the transcript. */
function saidIn(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => (line.startsWith("user: ") ? [line.slice("user: ".length)] : []));
}

/** What people said, but for commands and what became nothing, each with why. */
function saidOnce(happens: Timetable, lost: readonly string[]): readonly string[] {
  return happens.flatMap(([, what]) =>
    what.kind !== "said" || what.text.startsWith("/") || lost.some((line) => line.startsWith(`${what.text}: `))
      ? []
      : [what.text],
  );
}
