import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { IDLE_MINUTES, type ModelFault, type ModelWorld } from "./model-world.ts";
import {
  answer,
  askAgain,
  enter,
  forget,
  goBackTo,
  hear,
  liveOf,
  type ReferenceChat,
  referenceChat,
  startAfresh,
  takeBackLast,
} from "./reference-model.ts";
import { mirrorPath, mirrorText, rowsOf } from "./test-store.ts";

/** One thing that happens in one of the chats. */
export interface ModelStep {
  readonly kind:
    | "say"
    | "say_failing"
    | "redeliver"
    | "new"
    | "new_with_text"
    | "reset"
    | "resume"
    | "resume_foreign"
    | "undo"
    | "retry"
    | "title"
    | "delete"
    | "crash"
    | "power_failure"
    | "crash_in_turn"
    | "wait"
    | "clock_jump"
    | "fault";
  readonly chat: number;
  readonly pick: number;
}

const CHATS = 3;
const MINUTE_MS = 60_000;
/** A message is known for seven days; clocks are set back by hours here. */
const KNOWN_FOR_MS = 6 * 24 * 3_600_000;
const IDLE_MS = IDLE_MINUTES * MINUTE_MS;
const FAULTS: readonly ModelFault[] = ["refused_for_now", "lost_unnoticed", "arrived_unnoticed", "rate_limited"];
/** Minutes that pass, some of them enough to end a conversation; negative ones are a clock that is set back. */
const WAITS = [1, 5, 59, 61, 24 * 60];
const JUMPS = [-120, -61, -1, 30, 61, 3 * 24 * 60];

const anyStep: fc.Arbitrary<ModelStep> = fc.record({
  kind: fc.oneof(
    { weight: 14, arbitrary: fc.constant("say" as const) },
    { weight: 4, arbitrary: fc.constantFrom("new", "new_with_text", "reset", "wait", "clock_jump", "fault") },
    { weight: 5, arbitrary: fc.constantFrom("resume", "undo", "retry", "redeliver", "crash", "crash_in_turn") },
    { weight: 2, arbitrary: fc.constantFrom("say_failing", "title", "resume_foreign", "delete", "power_failure") },
  ),
  chat: fc.nat(CHATS - 1),
  pick: fc.nat(60),
});

/** So many things that happen one after the other; fewer where a failure is to be made as small as it can be. */
export function anySteps(count: number, shrinks: boolean): fc.Arbitrary<readonly ModelStep[]> {
  return fc.array(anyStep, { minLength: shrinks ? 1 : count, maxLength: count, size: "max" });
}

/** Goes through the steps, and compares the world with the reference after each. */
export async function runModel(world: ModelWorld, steps: readonly ModelStep[]): Promise<void> {
  const chats = Array.from({ length: CHATS }, referenceChat);
  const handed: { readonly name: string; readonly text: string; readonly messageId: string; readonly atMs: number }[] =
    [];
  let count = 0;

  const hand = async (name: string, text: string) => {
    const messageId = `m${++count}`;
    handed.push({ name, text, messageId, atMs: world.clock.nowMs() });
    await world.bare.say(name, text, { messageId });
  };
  for (const { kind, chat: number, pick } of steps) {
    const chat = chats[number] ?? referenceChat();
    const name = `c${number}`;
    const nowMs = world.clock.nowMs();
    const word = `word${handed.length}x${number}`;
    const before = world.turns.length;
    /** The turn that must have run by now. */
    const answered = async () => {
      await world.calm();
      const [turn, ...more] = world.turns.slice(before);
      assert.ok(turn !== undefined && more.length === 0, `one turn ran, not ${world.turns.length - before}`);
      answer(chat, turn.answer);
      const expected = chat.turns.at(-1);
      assert.deepEqual({ chat: turn.chat, asked: turn.asked }, { chat: name, asked: expected?.asked });
      assert.deepEqual(turn.history, expected?.history, "what the agent is told of the conversation");
    };
    switch (kind) {
      case "say":
      case "say_failing":
        if (kind === "say_failing") world.failingTurns = 1;
        await hand(name, word);
        hear(chat, word, nowMs, IDLE_MS);
        await answered();
        break;
      case "redeliver": {
        const known = handed.filter(({ atMs }) => Math.abs(nowMs - atMs) < KNOWN_FOR_MS);
        const again = known[pick % Math.max(1, known.length)];
        if (again !== undefined) await world.bare.say(again.name, again.text, { messageId: again.messageId });
        break;
      }
      case "new":
      case "reset":
        await hand(name, `/${kind}`);
        startAfresh(chat, nowMs);
        break;
      case "new_with_text":
        await hand(name, `/new ${word}`);
        startAfresh(chat, nowMs);
        enter(chat, word, nowMs);
        await answered();
        break;
      case "resume":
      case "resume_foreign": {
        const other = chats[(number + 1) % CHATS] ?? chat;
        const known = (kind === "resume" ? chat : other).sessions.flatMap(({ id }) => (id === null ? [] : [id]));
        const id = known[pick % Math.max(1, known.length)];
        if (id === undefined) break;
        await hand(name, `/resume ${id}`);
        goBackTo(chat, id, nowMs);
        break;
      }
      case "undo": {
        const exchanges = 1 + (pick % 3);
        await hand(name, `/undo ${exchanges}`);
        takeBackLast(chat, exchanges);
        break;
      }
      case "retry":
        await hand(name, "/retry");
        if (askAgain(chat, nowMs) !== null) await answered();
        break;
      case "title":
        await hand(name, `/title ${word}`);
        break;
      case "delete": {
        const known = chat.sessions.filter(({ id, isDeleted }) => id !== null && !isDeleted);
        const id = known[pick % Math.max(1, known.length)]?.id ?? null;
        if (id === null) break;
        await world.bare.store.deleteSession(id, nowMs);
        forget(chat, id);
        break;
      }
      case "crash":
      case "power_failure":
        await world.crash(kind === "power_failure" ? "power" : "process");
        break;
      case "crash_in_turn":
        world.isAgentSlow = true;
        await hand(name, word);
        hear(chat, word, nowMs, IDLE_MS);
        await world.clock.advance(0);
        world.isAgentSlow = false;
        await world.crash(pick % 2 === 0 ? "process" : "power");
        await answered();
        break;
      case "wait":
        await world.clock.advance((WAITS[pick % WAITS.length] ?? 1) * MINUTE_MS);
        break;
      case "clock_jump":
        world.clock.jumpWallClock(nowMs + (JUMPS[pick % JUMPS.length] ?? 1) * MINUTE_MS);
        break;
      case "fault":
        world.faults.push(FAULTS[pick % FAULTS.length] ?? "rate_limited");
        break;
    }
    await world.calm();
    await compare(world, chats, `after ${kind} in ${name}`);
  }
  await world.bare.shutDown();
  await world.crash("process");
  await world.calm();
  compareFiles(world);
}

/** Whatever has happened: the sessions are these, with these lines; everybody was answered, once, in their chat. */
async function compare(world: ModelWorld, chats: readonly ReferenceChat[], when: string): Promise<void> {
  const { store } = world.bare;
  for (const [number, chat] of chats.entries()) {
    const name = `c${number}`;
    const rows = rowsOf(
      store.reader,
      `SELECT id, session_id, live, end_reason FROM sessions WHERE chat_id = '${name}' ORDER BY id`,
    );
    assert.equal(rows.length, chat.sessions.length, `sessions of ${name} ${when}`);
    for (const [at, row] of rows.entries()) {
      const session = chat.sessions[at];
      if (session === undefined) continue;
      session.id ??= String(row.session_id);
      const seen = {
        id: row.session_id,
        isLive: row.live === 1,
        isDeleted: row.end_reason === "delete",
        lines: rowsOf(
          store.reader,
          `SELECT role, content FROM messages WHERE session = ${Number(row.id)} ORDER BY seq`,
        ).map(({ role, content }) => `${String(role)} ${String(content)}`),
      };
      const { id, isLive, isDeleted, lines } = session;
      assert.deepEqual(seen, { id, isLive, isDeleted, lines }, `session ${at} of ${name} ${when}`);
    }
    const read = (world.posts.get(name) ?? []).filter((text) => text.startsWith("answer "));
    assert.deepEqual(read, chat.answers, `what people read in ${name} ${when}`);
    const word = liveOf(chat)?.lines.at(-1)?.split(" ").at(-1);
    if (word !== undefined) assert.ok((await store.search(word, { limit: 5 })).length > 0, `${word} is found ${when}`);
  }
  const { inbox, outbox } = store.stats();
  assert.deepEqual(
    { inbox, outbox },
    { inbox: { waiting: 0, running: 0, dead: 0 }, outbox: { pending: 0, dead: 0 } },
    when,
  );
}

/** The files say what the rows say, and the database is whole. */
function compareFiles({ bare: { store, dataDir } }: ModelWorld): void {
  assert.deepEqual(store.integrityProblems(), []);
  for (const { sessionId } of store.listSessions({ limit: 500 }).sessions) {
    const path = mirrorPath(dataDir, sessionId);
    assert.equal(existsSync(path) ? readFileSync(path, "utf8") : "", mirrorText(store, sessionId));
  }
}
