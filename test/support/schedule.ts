import assert from "node:assert/strict";
import fc from "fast-check";
import type { AgentEvent } from "../../src/agent/backend.ts";
import type { Acceptance } from "../../src/platform/adapter.ts";
import { messagesIn, openMessages, openPosts } from "./schedule-rows.ts";
import type { PostFault, ScheduleWorld, WorldTurn } from "./schedule-world.ts";

/** One thing that happens; numbers choose among what there is at that moment. */
export type Step = { readonly isHurried: boolean } & (
  | { readonly kind: "say"; readonly chat: number; readonly isPart: boolean }
  | { readonly kind: "command"; readonly chat: number; readonly text: string }
  | { readonly kind: "redeliver"; readonly which: number }
  | { readonly kind: "write" | "end" | "fail" | "steer"; readonly which: number }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "fault"; readonly fault: PostFault }
  | { readonly kind: "restart"; readonly how: "orderly" | "killed" }
);

/** A message of a person, and what became of it at the door. */
export interface Spoken {
  readonly chat: string;
  readonly messageId: string;
  readonly text: string;
  /** `unconfirmed`: the process died, or was about to, before it said that it has it. */
  outcome: "accepted" | "refused" | "unconfirmed";
}

/** Chats people write in. */
const CHATS = 3;
const COMMANDS = [
  "/stop",
  "/stop",
  "/status",
  "/whoami",
  "/new",
  "/queue go",
  "/queue clear",
  "/queue collect",
  "/queue followup",
  "/queue steer",
  "/queue interrupt",
];
const FAULTS: readonly PostFault[] = [
  "refused_for_now",
  "lost_unnoticed",
  "arrived_unnoticed",
  "rate_limited",
  "refused_for_good",
];
/** Most steps of a schedule. */
const MAX_STEPS = 20;

const chat = fc.nat(CHATS - 1);
const which = fc.nat(7);
const isHurried = fc.boolean();
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 14, arbitrary: fc.record({ kind: fc.constant("say"), chat, isPart: oneIn(8), isHurried }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("command"), chat, text: fc.constantFrom(...COMMANDS), isHurried }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("redeliver"), which, isHurried }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("write"), which, isHurried }) },
  { weight: 7, arbitrary: fc.record({ kind: fc.constant("end"), which, isHurried }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("fail", "steer"), which, isHurried }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("wait"), ms: fc.constantFrom(100, 900, 1_100, 5_000), isHurried }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("fault"), fault: fc.constantFrom(...FAULTS), isHurried }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("restart"), how: fc.constantFrom("orderly", "killed"), isHurried }),
  },
) as fc.Arbitrary<Step>;

/** Anything that may happen. */
export const anySchedule: fc.Arbitrary<readonly Step[]> = fc.array(step, { minLength: 6, maxLength: MAX_STEPS });

function oneIn(count: number): fc.Arbitrary<boolean> {
  return fc.nat(count - 1).map((drawn) => drawn === 0);
}

/** Goes through a schedule, then lets everything come to its end; returns what people said. Chats are called by `name`. */
export async function runSchedule(
  world: ScheduleWorld,
  steps: readonly Step[],
  name: string,
): Promise<readonly Spoken[]> {
  const spoken: Spoken[] = [];
  const taking = new Set<Promise<void>>();
  let count = 0;

  const hand = (said: Spoken, isPart: boolean) => {
    const { chat, text, messageId } = said;
    const taken = world.bare
      .say(chat, text, { messageId, ...(isPart ? { waitsForMore: true } : {}) })
      .then(
        (acceptance) => settle(world, said, acceptance, taking.size),
        () => {
          said.outcome = "unconfirmed";
        },
      )
      .finally(() => taking.delete(taken));
    taking.add(taken);
  };
  const hear = (chat: string, text: string, isPart = false) => {
    const said: Spoken = { chat, messageId: `${name}-${spoken.length + 1}`, text, outcome: "unconfirmed" };
    spoken.push(said);
    hand(said, isPart);
  };
  const say = (chat: number, text: string, isPart = false) => {
    hear(`${name}${"abc"[chat]}`, text, isPart);
  };
  const calm = async () => {
    await Promise.all(taking);
    await world.calm();
  };

  for (const step of steps) {
    const running = world.turns.filter(({ state, isOver }) => state === "running" && !isOver);
    const turn = "which" in step ? running[step.which % Math.max(1, running.length)] : undefined;
    switch (step.kind) {
      case "say":
        say(step.chat, `${name}m${++count}`, step.isPart);
        break;
      case "command":
        say(step.chat, step.text);
        if (step.text === "/stop" && !step.isHurried) {
          await calm();
          assertStopped(`${name}${"abc"[step.chat]}`, running);
        }
        break;
      case "redeliver": {
        const said = spoken[step.which % Math.max(1, spoken.length)];
        if (said !== undefined && said.outcome === "accepted") hand(said, false);
        break;
      }
      case "write":
        if (turn !== undefined) write(turn);
        break;
      case "end":
        if (turn !== undefined) end(turn, { kind: "done" });
        break;
      case "fail": {
        const failure = { reason: "unavailable", message: "Sorry.", detail: "of the test", retryable: true } as const;
        if (turn !== undefined) end(turn, { kind: "failed", failure });
        break;
      }
      case "steer":
        if (turn !== undefined) turn.asked.push(...turn.agent.request.takeSteering());
        break;
      case "wait":
        await world.clock.advance(step.ms);
        break;
      case "fault":
        world.faults.push(step.fault);
        break;
      case "restart":
        await world.restart(step.how);
        await calm();
        // What was not confirmed to the platform is delivered again.
        for (const said of spoken) if (said.outcome === "unconfirmed") hand(said, false);
        break;
    }
    if (!step.isHurried) await calm();
  }
  await calm();
  await comeToAnEnd(world, calm, (chat) => hear(chat, "/queue go"));
  return spoken;
}

function write(turn: WorldTurn): void {
  const word = `${turn.name}.${turn.written.length + 1};`;
  turn.written.push(word);
  turn.agent.say({ kind: "text", delta: word });
}

function end(turn: WorldTurn, event: AgentEvent): void {
  turn.isOver = true;
  turn.agent.say(event);
}

function settle({ bare, setup }: ScheduleWorld, said: Spoken, acceptance: Acceptance, underWay: number): void {
  if (acceptance.kind === "accepted" || acceptance.kind === "duplicate") said.outcome = "accepted";
  else if (acceptance.kind === "refused" && acceptance.reason === "stopping") said.outcome = "unconfirmed";
  else {
    assert.deepEqual([acceptance.kind, "reason" in acceptance && acceptance.reason], ["refused", "queue_full"]);
    said.outcome = "refused";
    const rows = messagesIn(bare.store.reader, said.chat);
    const waiting = rows.filter(({ state }) => state === "waiting").length;
    assert.ok(waiting + underWay >= setup.maxPending, `${said.text} was refused with ${waiting} waiting`);
  }
}

/** After `/stop` nothing of before runs in the conversation. */
function assertStopped(chat: string, before: readonly WorldTurn[]): void {
  for (const turn of before) {
    if (turn.chat === chat) assert.notEqual(turn.state, "running", `/stop in ${chat} left ${turn.name} running`);
  }
}

/** Most rounds until nothing is left; a retry waits at most 15 minutes. */
const MAX_ROUNDS = 200;

async function comeToAnEnd(
  world: ScheduleWorld,
  calm: () => Promise<void>,
  release: (chat: string) => void,
): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    for (const turn of world.turns) {
      if (turn.state !== "running" || turn.isOver) continue;
      write(turn);
      end(turn, { kind: "done" });
    }
    await calm();
    if (isDone(world)) return;
    if (world.turns.every(({ state }) => state !== "running")) {
      const held = new Set(openMessages(world.bare.store.reader).map((row) => row.chat));
      if (round > 0) for (const chat of held) release(chat);
      await world.clock.advance(round < 5 ? 1_000 : 60_000);
    }
  }
  const { reader } = world.bare.store;
  assert.fail(`something is left: ${JSON.stringify([openMessages(reader), openPosts(reader)])}`);
}

function isDone({ bare }: ScheduleWorld): boolean {
  return openMessages(bare.store.reader).length + openPosts(bare.store.reader).length === 0;
}
