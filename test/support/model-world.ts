import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { AgentBackend, AgentEvent } from "../../src/agent/backend.ts";
import type { Clock } from "../../src/clock/clock.ts";
import type { OutboundMessage } from "../../src/message/message.ts";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import type { ResetPolicy } from "../../src/session/reset-policy.ts";
import { selectMeta } from "../../src/store/meta.ts";
import { type BareGateway, bareGateway, neverResets } from "./bare-gateway.ts";
import { type FakeClock, fakeClock } from "./fake-clock.ts";
import { memoryAdapter } from "./memory-adapter.ts";
import { mirrorPath, rowsOf } from "./test-store.ts";

/** A turn that came to its end. */
export interface ModelTurn {
  readonly chat: string;
  readonly asked: string;
  /** What the agent was told had been said before. */
  readonly history: readonly string[];
  /** What it said; null when it failed. */
  readonly answer: string | null;
}

/** What goes wrong next. */
export type ModelFault = "refused_for_now" | "lost_unnoticed" | "arrived_unnoticed" | "rate_limited";

/** A gateway whose process dies with all that it had not written, on a platform that remembers everything. */
export interface ModelWorld extends AsyncDisposable {
  readonly clock: FakeClock;
  readonly bare: BareGateway;
  readonly turns: readonly ModelTurn[];
  /** What people see, by chat; each text as often as it was posted. */
  readonly posts: ReadonlyMap<string, readonly string[]>;
  readonly faults: ModelFault[];
  /** The next turns fail, so many of them. */
  failingTurns: number;
  /** While true agents think and say nothing. */
  isAgentSlow: boolean;
  /** Dies now, with or without a part of what the transcripts' files had not synced, and starts again. */
  crash(how: "process" | "power"): Promise<void>;
  /** Lets everything come to its end, retries of posts included. */
  calm(): Promise<void>;
}

/** Conversations end after an hour of silence. */
export const IDLE_MINUTES = 60;
const policy: ResetPolicy = { ...neverResets, mode: "idle", idleMinutes: IDLE_MINUTES };
const START_MS = Date.UTC(2026, 0, 1);
/** Enough for every retry of the few posts that can fail at a time. */
const MAX_WAITS = 100;

/** Opens one in a folder, which keeps a copy of the data for each life. */
export async function modelWorld(folder: string): Promise<ModelWorld> {
  const clock = fakeClock(START_MS);
  const turns: ModelTurn[] = [];
  const posts = new Map<string, string[]>();
  const arrived = new Set<number>();
  const faults: ModelFault[] = [];
  const old: BareGateway[] = [];
  let lives = 0;
  let answers = 0;

  const post = ({ outboxId, chatId, text }: OutboundMessage) => {
    arrived.add(outboxId);
    const seen = posts.get(chatId) ?? [];
    posts.set(chatId, [...seen, text]);
  };
  const agentOf = (life: { isOver: boolean }): AgentBackend => ({
    name: "of the model",
    async *run(request): AsyncIterable<AgentEvent> {
      if (world.isAgentSlow || life.isOver) await new Promise(() => {});
      const chat = request.sessionKey.split(":").at(-1) ?? "";
      const history = request.history(1_000).map(({ role, text }) => `${role} ${text}`);
      const asked = request.message.text;
      if (world.failingTurns > 0) {
        world.failingTurns -= 1;
        turns.push({ chat, asked, history, answer: null });
        const failure = { reason: "unavailable", message: "Sorry.", detail: "of the test", retryable: true } as const;
        yield { kind: "failed", failure };
        return;
      }
      const answer = `answer ${++answers} to ${asked}`;
      turns.push({ chat, asked, history, answer });
      yield { kind: "text", delta: answer };
      yield { kind: "done" };
    },
  });
  const open = async (dataDir: string) => {
    const life = { isOver: false };
    const adapter = memoryAdapter({
      async send(message) {
        if (life.isOver) return await new Promise(() => {});
        const fault = faults.shift();
        if (fault === undefined || fault === "arrived_unnoticed") post(message);
        if (fault !== undefined) throw errorOf(fault);
        return `post-${message.outboxId}`;
      },
      async findPost({ outboxId }) {
        return arrived.has(outboxId) ? { kind: "found", postId: `post-${outboxId}` } : { kind: "absent" };
      },
    });
    // A process that is dead waits for nothing.
    const lifeClock: Clock = {
      ...clock,
      setTimer: (delayMs, fire) => clock.setTimer(delayMs, () => void (life.isOver || fire())),
    };
    const bare = await bareGateway({ dataDir, clock: lifeClock, adapter, agent: agentOf(life), policy });
    return { bare, life };
  };

  let { bare, life } = await open(join(folder, "0"));
  const world: ModelWorld = {
    clock,
    turns,
    posts,
    faults,
    failingTurns: 0,
    isAgentSlow: false,
    get bare() {
      return bare;
    },
    async crash(how) {
      life.isOver = true;
      const from = bare.dataDir;
      const to = join(folder, String(++lives));
      mkdirSync(to);
      for (const name of ["parley.db", "parley.db-wal", "transcripts", "media"]) {
        if (existsSync(join(from, name))) cpSync(join(from, name), join(to, name), { recursive: true });
      }
      if (how === "power") for (const id of unsyncedSessions(bare)) rmSync(mirrorPath(to, id), { force: true });
      old.push(bare);
      ({ bare, life } = await open(to));
    },
    async calm() {
      await clock.advance(0);
      for (let waits = 0; waits < MAX_WAITS; waits++) {
        const { inbox, outbox } = bare.store.stats();
        if (inbox.waiting + inbox.running + outbox.pending === 0) return;
        await clock.advance(1_000);
      }
    },
    async [Symbol.asyncDispose]() {
      await bare.shutDown();
      for (const each of old) await each.store[Symbol.asyncDispose]();
    },
  };
  return world;
}

/** Sessions whose files may not be on disk: they have lines after the last that counts as mirrored. */
function unsyncedSessions({ store: { reader } }: BareGateway): readonly string[] {
  const through = Number(selectMeta(reader, "mirrored_through") ?? 0);
  const rows = rowsOf(
    reader,
    `SELECT DISTINCT session_id FROM sessions JOIN messages ON messages.session = sessions.id WHERE messages.id > ${through}`,
  );
  return rows.map(({ session_id }) => String(session_id));
}

function errorOf(fault: ModelFault): DeliveryError {
  switch (fault) {
    case "refused_for_now":
      return new DeliveryError("unreachable", "no route", { certain: true });
    case "lost_unnoticed":
    case "arrived_unnoticed":
      return new DeliveryError("unreachable", "cut", { certain: false });
    case "rate_limited":
      return new DeliveryError("rate_limited", "429", { certain: true, retryAfterMs: 3_000 });
  }
}
