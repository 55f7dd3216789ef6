import assert from "node:assert/strict";
import type { AgentBackend } from "../../src/agent/backend.ts";
import type { Clock } from "../../src/clock/clock.ts";
import type { QueueMode } from "../../src/gateway/session-queue.ts";
import type { OutboundMessage, PostEdit } from "../../src/message/message.ts";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { type BareGateway, bareGateway } from "./bare-gateway.ts";
import { type FakeClock, fakeClock } from "./fake-clock.ts";
import { memoryAdapter } from "./memory-adapter.ts";
import { type ScriptedAgent, scriptedAgent } from "./scripted-agent.ts";

/** How the gateways of one world are set up. */
export interface WorldSetup {
  readonly mode: QueueMode;
  readonly debounceMs: number;
  readonly maxConcurrentTurns: number;
  readonly maxPending: number;
  readonly takesSteering: boolean;
  /** Whether posts can be changed, so that answers grow. */
  readonly edits: boolean;
  /** Whether the platform can be asked whether a post arrived. */
  readonly finds: boolean;
}

/** What goes wrong with the next post. */
export type PostFault =
  | "refused_for_now"
  | "lost_unnoticed"
  | "arrived_unnoticed"
  | "rate_limited"
  | "refused_for_good";

/** A post as people see it. */
export interface SeenPost {
  readonly outboxId: number;
  readonly chatId: string;
  text: string;
  /** How often it was posted: each time above one is a double. */
  arrivals: number;
}

/** One attempt at a turn. */
export interface WorldTurn {
  readonly chat: string;
  readonly name: string;
  /** The texts its agent was given, those it was told while it worked included. */
  readonly asked: string[];
  /** What its agent has written. */
  readonly written: string[];
  /** `ended`: its agent is done, and what came of it may not be on disk yet; `unsure`: the process died in that moment. */
  state: "running" | "ended" | "settled" | "cut" | "unsure";
  /** Its agent has said its last word, or was told to stop: what it would write now nobody reads. */
  isOver: boolean;
  readonly agent: ScriptedAgent["running"][number];
}

/** A platform, an agent and a gateway that may be restarted or killed; the platform and what it has seen last. */
export interface ScheduleWorld extends AsyncDisposable {
  readonly setup: WorldSetup;
  readonly clock: FakeClock;
  readonly posts: SeenPost[];
  readonly turns: WorldTurn[];
  /** What goes wrong with coming posts, the next first. */
  readonly faults: PostFault[];
  readonly bare: BareGateway;
  /** Ends the gateway in order (cutting turns), or as a kill does, and starts another on its data directory. */
  restart(how: "orderly" | "killed"): Promise<void>;
  /** Lets everything happen that needs no time. */
  calm(): Promise<void>;
  /** Forgets what is over, for the next schedule. */
  forget(): void;
}

const START_MS = Date.UTC(2026, 0, 1);

/** Opens one on a data directory. */
export async function scheduleWorld(dataDir: string, setup: WorldSetup): Promise<ScheduleWorld> {
  const clock = fakeClock(START_MS);
  const posts: SeenPost[] = [];
  const turns: WorldTurn[] = [];
  const faults: PostFault[] = [];
  let names = 0;

  const post = (message: OutboundMessage) => {
    const known = posts.find(({ outboxId }) => outboxId === message.outboxId);
    if (known === undefined) {
      posts.push({ outboxId: message.outboxId, chatId: message.chatId, text: message.text, arrivals: 1 });
    } else {
      known.arrivals += 1;
      known.text = message.text;
    }
  };
  const open = async () => {
    const life = { isOver: false };
    const adapter = memoryAdapter({
      async send(message) {
        if (life.isOver) return await never();
        const fault = faults.shift();
        if (fault === undefined || fault === "arrived_unnoticed") post(message);
        if (fault !== undefined) throw errorOf(fault);
        return `post-${message.outboxId}`;
      },
      ...(setup.edits
        ? {
            async edit(edit: PostEdit) {
              if (life.isOver) return await never();
              const known = posts.find(({ outboxId }) => `post-${outboxId}` === edit.postId);
              assert.ok(known, "only what was posted is changed");
              assert.equal(known.chatId, edit.chatId);
              known.text = edit.text;
            },
          }
        : {}),
      ...(setup.finds
        ? {
            async findPost({ outboxId }: OutboundMessage) {
              const isThere = posts.some((each) => each.outboxId === outboxId);
              return isThere ? ({ kind: "found", postId: `post-${outboxId}` } as const) : ({ kind: "absent" } as const);
            },
          }
        : {}),
    });
    const bare = await bareGateway({
      dataDir,
      clock: clockOf(life),
      adapter,
      agent: agentOf(life),
      queue: { mode: setup.mode, debounceMs: setup.debounceMs },
      limits: { drainMs: 0, maxConcurrentTurns: setup.maxConcurrentTurns, maxPending: setup.maxPending },
    });
    return { bare, life };
  };

  /** A process that is dead waits for nothing. */
  const clockOf = (life: { readonly isOver: boolean }): Clock => ({
    ...clock,
    setTimer: (delayMs, fire) =>
      clock.setTimer(delayMs, () => {
        if (!life.isOver) fire();
      }),
  });

  const agentOf = (life: { isOver: boolean }): AgentBackend => {
    const scripted = scriptedAgent();
    return {
      name: "scripted",
      ...(setup.takesSteering ? { takesSteering: true } : {}),
      async *run(request, signal) {
        if (life.isOver) return await never();
        const chat = request.sessionKey.split(":").at(-1) ?? "";
        const running = turns.filter(({ state }) => state === "running");
        assert.ok(running.length < setup.maxConcurrentTurns, "no more turns at once than allowed");
        assert.ok(!running.some((turn) => turn.chat === chat), "one turn at a time in a conversation");
        const events = scripted.run(request, signal)[Symbol.asyncIterator]();
        const first = events.next();
        const agent = scripted.running.at(-1);
        assert.ok(agent);
        const asked = request.message.text.split("\n\n");
        const turn: WorldTurn = {
          chat,
          name: `t${++names}`,
          asked,
          written: [],
          state: "running",
          isOver: false,
          agent,
        };
        signal.addEventListener("abort", () => {
          turn.isOver = true;
        });
        turns.push(turn);
        for (let event = await first; event.done !== true; event = await events.next()) {
          if (life.isOver) return await never();
          const { kind } = event.value;
          if (turn.state === "running" && (kind === "done" || kind === "failed")) turn.state = "ended";
          yield event.value;
        }
      },
    };
  };

  let { bare, life } = await open();
  const calm = async () => {
    await clock.advance(0);
    for (const turn of turns) if (turn.state === "ended") turn.state = "settled";
  };
  return {
    setup,
    clock,
    posts,
    turns,
    faults,
    get bare() {
      return bare;
    },
    calm,
    async restart(how) {
      const isKill = how === "killed";
      for (const turn of turns) {
        if (turn.state === "ended" && isKill) turn.state = "unsure";
        if (turn.state === "running") turn.state = turn.isOver ? "unsure" : "cut";
      }
      if (isKill) {
        // What was asked of the database before is on disk, nothing after it is.
        life.isOver = true;
        await bare.store[Symbol.asyncDispose]();
      } else await bare.shutDown();
      ({ bare, life } = await open());
      await calm();
    },
    forget() {
      posts.length = 0;
      turns.length = 0;
      faults.length = 0;
    },
    async [Symbol.asyncDispose]() {
      await bare.shutDown();
    },
  };
}

/** What a process that is dead waits for. */
function never(): Promise<never> {
  return new Promise(() => {});
}

function errorOf(fault: PostFault): DeliveryError {
  switch (fault) {
    case "refused_for_now":
      return new DeliveryError("unreachable", "no route", { certain: true });
    case "lost_unnoticed":
    case "arrived_unnoticed":
      return new DeliveryError("unreachable", "cut", { certain: false });
    case "rate_limited":
      return new DeliveryError("rate_limited", "429", { certain: true, retryAfterMs: 3_000 });
    case "refused_for_good":
      return new DeliveryError("forbidden", "blocked", { certain: true });
  }
}
