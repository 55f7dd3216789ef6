import type { AgentBackend, ContextLimits, TurnContext, Usage } from "../agent/backend.ts";
import type { Clock, Timer } from "../clock/clock.ts";
import type { Events } from "../observe/events.ts";
import { startDueLoop } from "../schedule/due-loop.ts";
import { selectNextDeliveryAt } from "../store/hook-deliveries.ts";
import { selectNextLifecycleDue } from "../store/lifecycle-dues.ts";
import type { SessionStore } from "../store/store.ts";
import type { BegunTurn } from "./begun-turn.ts";
import type { MemoryRules } from "./memory-rules.ts";
import type { Compaction, CompactionWish, MemoryTasks } from "./memory-tasks.ts";
import type { ContextFill } from "./turn-context.ts";

/** What memory work stands on. */
export interface MemoryParts {
  readonly rules: MemoryRules;
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly events: Events;
  readonly agentOf: (agentId: string) => AgentBackend;
  /** What the agent is told about where it is; counted where a provider's count is compared with ours. */
  readonly promptOf: (turn: BegunTurn) => string;
}

/** A conversation's memory for one turn. */
export interface TurnMemory {
  readonly context: (limits: ContextLimits) => Promise<TurnContext>;
  readonly shorten: () => Promise<TurnContext | null>;
  /** The agent has answered; `usage` is that of a single call, null where nobody knows or there were several. What is due begins, and nobody waits for it. */
  readonly answered: (usage: Usage | null) => void;
}

/** Compacts, extracts, promotes, tells hooks and cleans up, beside the turns. */
export interface MemoryWork {
  /** Whether agents are offered tools to remember by. */
  readonly remembers: boolean;
  turn(begun: BegunTurn): TurnMemory;
  /** Compacts a session at a person's wish. */
  compact(sessionId: string, wish: CompactionWish): Promise<Compaction>;
  /** A session has ended, or something else was written that hooks are to be told of. */
  poke(): void;
  /** Gives up what is under way: it is taken up at the next start. */
  stop(): Promise<void>;
}

const HOUR_MS = 60 * 60_000;

/** Opens it and begins with what an earlier process left. Its code is loaded when there is something to do: a daemon that only echoes never needs it. */
export function openMemoryWork(parts: MemoryParts): MemoryWork {
  const { rules, store, clock, events } = parts;
  const { reader } = store;
  let opened: Promise<MemoryTasks> | null = null;
  let isStopped = false;
  const tasks = () => {
    opened ??= import("./memory-tasks.ts").then(({ openMemoryTasks }) => openMemoryTasks({ ...parts, onDue: poke }));
    return opened;
  };
  const nextDueAt = (afterMs: number) => {
    const times = [
      selectNextDeliveryAt(reader, afterMs),
      rules.enabled ? selectNextLifecycleDue(reader, afterMs) : null,
    ];
    const due = times.filter((time) => time !== null);
    return due.length === 0 ? null : Math.min(...due);
  };
  const failed = (where: string) => (error: unknown) => events.memoryFailed({ what: where, error });
  const loop = startDueLoop({
    clock,
    // What is due and was looked at is under way, or has to wait.
    nextDueAt,
    async look() {
      if (!isStopped && (nextDueAt(-1) ?? Number.POSITIVE_INFINITY) <= clock.nowMs()) (await tasks()).look();
    },
    onError: failed("look"),
  });
  const poke = () => loop.poke();
  let cleaning: Timer;
  const clean = () => {
    tasks()
      .then((each) => each.clean())
      .catch(failed("cleaning"))
      .finally(() => {
        if (!isStopped) cleaning = clock.setTimer(HOUR_MS, clean);
      });
  };
  cleaning = clock.setTimer(HOUR_MS, clean);

  return {
    remembers: rules.enabled,
    turn(begun) {
      let fill: ContextFill | null = null;
      let asked: ContextLimits | null = null;
      let wasShortened = false;
      const context = async (limits: ContextLimits): Promise<TurnContext> => {
        // Who wants nothing of what was said needs nothing in its place, and can't be full of it.
        if (limits.messages === 0) return { earlier: "", remembered: "", lines: [] };
        const { turnContext } = await import("./turn-context.ts");
        const recallTokens = rules.enabled ? rules.recallTokens : 0;
        const { keys } = store.rules;
        const made = turnContext(reader, begun, limits, { keys, recallTokens, nowMs: clock.nowMs() });
        fill = made.fill;
        events.contextGiven({ tokens: made.fill.tokens });
        asked = limits;
        return made.context;
      };
      return {
        context,
        async shorten() {
          if (!rules.enabled || wasShortened || asked === null) return null;
          wasShortened = true;
          const isShorter = await (await tasks()).shorten(begun.session, asked);
          return isShorter ? await context(asked) : null;
        },
        answered(usage) {
          const [filled, limits] = [fill, asked];
          if (filled === null || limits === null || !rules.enabled || isStopped) return;
          tasks()
            .then((each) => each.answered(begun, { fill: filled, limits, usage }))
            .catch(failed("triggers"));
        },
      };
    },
    compact: async (sessionId, wish) => await (await tasks()).compact(sessionId, wish),
    poke,
    async stop() {
      isStopped = true;
      loop[Symbol.dispose]();
      cleaning.cancel();
      await (await opened)?.stop();
    },
  };
}
