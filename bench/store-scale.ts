import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { transcriptPath } from "../src/store/transcript-path.ts";
import type { Benchmark } from "./benchmark.ts";
import { traffic } from "./chat-traffic.ts";
import { keyOf } from "./conversation.ts";
import { type ChatMessage, type MessageLives, openGatewayLives } from "./gateway-lives.ts";
import { largeDatabase } from "./large-database.ts";
import { randomNumbers } from "./sample-text.ts";
import { interleave, percentile, ratiosOf, single, spreadOf } from "./spread.ts";

const LANES = 64;

/** The same messages in a database of a million sessions and in one of a thousand. */
export const storeScale: Benchmark = async ({ isQuick, workFolder }, tell) => {
  const rounds = isQuick ? 2 : 15;
  const perLane = isQuick ? 5 : 40;
  const many = isQuick ? 20_000 : 1_000_000;
  const few = 1_000;
  const [manyDir, fewDir] = [await largeDatabase(workFolder, many, tell), await largeDatabase(workFolder, few, tell)];
  tell("transcript files of random sessions");
  const rush = (chatOf: (lane: number) => number) => traffic(LANES, perLane, chatOf);
  const random = { large: scattered(manyDir, many, rounds, rush), small: scattered(fewDir, few, rounds, rush) };
  const commitMs: number[] = [];
  await using large = await openGatewayLives(manyDir, ({ durationMs }) => void commitMs.push(durationMs));
  await using small = await openGatewayLives(fewDir);

  tell("the same 64 sessions");
  const active = await interleave(rounds, {
    large: () =>
      timeOf(
        large,
        rush((lane) => lane),
      ),
    small: () =>
      timeOf(
        small,
        rush((lane) => lane),
      ),
  });
  const activeCommitMs = commitMs.splice(0);
  tell("random sessions");
  const anywhere = await interleave(rounds, {
    large: () => timeOf(large, random.large.pop() ?? []),
    small: () => timeOf(small, random.small.pop() ?? []),
  });

  return [
    { what: "the same 64 of 1,000,000 sessions: a message", unit: "µs", measured: spreadOf(active.large) },
    {
      what: "the same 64 sessions: 1,000,000 against 1,000",
      unit: "× time",
      measured: ratiosOf(active.large, active.small),
      target: { bound: "at most", value: 1.5 },
      note: "the larger database holds 1,000,000 messages too, the smaller one 1,000",
    },
    {
      what: "the same 64 of 1,000,000 sessions: commit, 99th percentile",
      unit: "ms",
      measured: single(percentile(activeCommitMs, 99)),
    },
    { what: "random ones of 1,000,000 sessions: a message", unit: "µs", measured: spreadOf(anywhere.large) },
    {
      what: "random sessions: 1,000,000 against 1,000",
      unit: "× time",
      measured: ratiosOf(anywhere.large, anywhere.small),
      target: { bound: "at most", value: 1.6 },
      note: "nearly every message finds its session cold and its JSONL file closed; files exist only of the sessions that are written to",
    },
    {
      what: "random ones of 1,000,000 sessions: commit, 99th percentile",
      unit: "ms",
      measured: single(percentile(commitMs, 99)),
    },
  ];
};

/** Microseconds a message. */
async function timeOf(lives: MessageLives, messages: readonly ChatMessage[][]): Promise<number> {
  const startedMs = performance.now();
  await lives.live(messages);
  await lives.settle();
  return ((performance.now() - startedMs) * 1_000) / messages.flat().length;
}

/** Messages to random sessions for every round, no session in two lanes: a conversation has one turn at a time. Their files are there, as those of sessions are. */
function scattered(
  dataDir: string,
  sessions: number,
  rounds: number,
  rush: (chatOf: (lane: number) => number) => ChatMessage[][],
): ChatMessage[][][] {
  const random = randomNumbers(3);
  const chatOf = (lane: number) => lane + LANES * Math.floor(random() * Math.floor(sessions / LANES));
  const messages = Array.from({ length: rounds + 1 }, () => rush(chatOf));
  const db = new Database(join(dataDir, "parley.db"), { readonly: true });
  const idOf = db.prepare("SELECT session_id FROM sessions WHERE session_key = ? AND live = 1").pluck();
  for (const { chat } of messages.flat(2)) {
    const path = transcriptPath(join(dataDir, "transcripts"), String(idOf.get(keyOf(chat))));
    writeFileSync(path, "", { flag: "a", mode: 0o600 });
  }
  db.close();
  return messages;
}
