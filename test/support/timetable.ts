import assert from "node:assert/strict";
import type { AgentBackend } from "../../src/agent/backend.ts";
import type { QueueMode } from "../../src/gateway/session-queue.ts";
import { type BareGateway, bareGateway } from "./bare-gateway.ts";
import { type FakeClock, fakeClock } from "./fake-clock.ts";
import { type ScriptedAgent, scriptedAgent } from "./scripted-agent.ts";
import { tempDir } from "./temp-dir.ts";

/** What happens in the one chat of a timetable. */
export type Happening =
  /** A person writes; `isPart` when the platform knows that more of it comes. */
  | { readonly kind: "said"; readonly text: string; readonly isPart: boolean }
  /** The running turn ends with an answer. */
  | { readonly kind: "answered"; readonly text: string }
  /** The running turn's agent has written this much. */
  | { readonly kind: "wrote"; readonly text: string }
  /** The running turn's agent asks what was said meanwhile, and is told this. */
  | { readonly kind: "told"; readonly texts: readonly string[] }
  /** The daemon ends, cutting its turns, and starts again. */
  | { readonly kind: "restarted" };

/** What happens when, in milliseconds since the start. */
export type Timetable = readonly (readonly [atMs: number, what: Happening])[];

/** How a gateway of a timetable is set up. */
export interface TimetableOptions {
  readonly mode: QueueMode;
  readonly debounceMs?: number;
  readonly maxPending?: number;
  /** Whether the agent asks what was said while it worked. */
  readonly takesSteering?: boolean;
}

/** What came of a timetable. */
export interface Outcome {
  /** Each turn: when it began, and what its agent was asked, messages parted by ` + `. */
  readonly turns: readonly string[];
  /** What the bot said, in order. */
  readonly posts: readonly string[];
  /** What was not taken, and why. */
  readonly refused: readonly string[];
  /** The transcript, as `user: text` and `assistant: text`. */
  readonly lines: readonly string[];
  /** Rows that still want a turn. */
  readonly left: number;
}

export const says = (text: string): Happening => ({ kind: "said", text, isPart: false });
export const part = (text: string): Happening => ({ kind: "said", text, isPart: true });
export const answers = (text: string): Happening => ({ kind: "answered", text });
export const writes = (text: string): Happening => ({ kind: "wrote", text });
export const isTold = (...texts: readonly string[]): Happening => ({ kind: "told", texts });
export const restarts: Happening = { kind: "restarted" };

const START_MS = Date.UTC(2026, 0, 1);

/** Goes through a timetable with a real gateway and store, on a clock moved by hand. */
export async function goThrough(timetable: Timetable, options: TimetableOptions): Promise<Outcome> {
  using folder = tempDir();
  const clock = fakeClock(START_MS);
  const turns: string[] = [];
  const posts: string[] = [];
  const refused: string[] = [];
  const open = async () => {
    const agent = scriptedAgent();
    const bare = await bareGateway({
      dataDir: folder.path,
      clock,
      agent: watched(agent, clock, turns, options.takesSteering === true),
      queue: { mode: options.mode, debounceMs: options.debounceMs ?? 0 },
      limits: { drainMs: 0, ...(options.maxPending === undefined ? {} : { maxPending: options.maxPending }) },
    });
    return { agent, bare };
  };

  let { agent, bare } = await open();
  await calm(clock);
  let said = 0;
  for (const [atMs, what] of timetable) {
    await clock.advance(atMs - clock.monotonicMs());
    await calm(clock);
    switch (what.kind) {
      case "said": {
        // Ids go on through restarts: a platform's do.
        const about = { messageId: `said-${++said}`, ...(what.isPart ? { waitsForMore: true } : {}) };
        const taken = await bare.say("c", what.text, about);
        if (taken.kind !== "accepted") refused.push(`${what.text}: ${"reason" in taken ? taken.reason : taken.kind}`);
        break;
      }
      case "answered":
        runningOf(agent, atMs).answer(what.text);
        break;
      case "wrote":
        runningOf(agent, atMs).say({ kind: "text", delta: what.text });
        break;
      case "told":
        assert.deepEqual(runningOf(agent, atMs).request.takeSteering(), what.texts, `told at ${atMs}`);
        break;
      case "restarted":
        await bare.shutDown();
        posts.push(...bare.adapter.textsIn("c"));
        ({ agent, bare } = await open());
        break;
    }
    await calm(clock);
  }
  await clock.advance(2_000);
  posts.push(...bare.adapter.textsIn("c"));
  const outcome = { turns, posts, refused, lines: linesOf(bare), left: leftIn(bare) };
  await bare.shutDown();
  return outcome;
}

/** Everything that was set off is done, but for what waits for time to pass. */
async function calm(clock: FakeClock): Promise<void> {
  for (let round = 0; round < 3; round++) await clock.advance(0);
}

function runningOf(agent: ScriptedAgent, atMs: number): ScriptedAgent["running"][number] {
  const [turn] = agent.running;
  assert.ok(turn, `expected a turn to run at ${atMs}`);
  assert.equal(agent.running.length, 1, `expected one turn alone to run at ${atMs}`);
  return turn;
}

/** The same agent, with each of its turns noted. */
function watched(agent: ScriptedAgent, clock: FakeClock, turns: string[], takesSteering: boolean): AgentBackend {
  return {
    name: agent.name,
    ...(takesSteering ? { takesSteering: true } : {}),
    run(request, signal) {
      turns.push(`${clock.monotonicMs()} ${request.message.text.replaceAll("\n\n", " + ")}`);
      return agent.run(request, signal);
    },
  };
}

function linesOf({ store }: BareGateway): readonly string[] {
  const oldestFirst = store.listSessions({}).sessions.toReversed();
  return oldestFirst.flatMap(({ sessionId }) =>
    store.transcript(sessionId, { limit: 1_000 }).map(({ role, content }) => `${role}: ${content}`),
  );
}

function leftIn({ store }: BareGateway): number {
  const { waiting, running } = store.stats().inbox;
  return waiting + running;
}
