import type { AgentBackend } from "../agent/backend.ts";
import type { Clock } from "../clock/clock.ts";
import type { Choices, Command, KnownAgent } from "../command/command.ts";
import type { Events } from "../observe/events.ts";
import type { Adapter } from "../platform/adapter.ts";
import type { SessionSource } from "../session/source.ts";
import type { Lane } from "../store/outbox.ts";
import type { SessionStore } from "../store/store.ts";
import type { BegunTurn } from "./begun-turn.ts";
import type { GatewayLimits } from "./gateway-limits.ts";
import type { MemoryRules } from "./memory-rules.ts";
import type { PlatformRules } from "./platform-rules.ts";
import type { JobHooks } from "./runs.ts";
import type { QueueMode } from "./session-queue.ts";
import type { MediaRules } from "./turn-files.ts";

/** What a gateway is made of. */
export interface GatewayOptions {
  readonly store: SessionStore;
  readonly adapters: readonly Adapter[];
  readonly agents: ReadonlyMap<string, AgentBackend>;
  /** Which agent answers in a place; it must be one of `agents`. */
  readonly routeOf: (source: SessionSource) => string;
  readonly commands: readonly Command[];
  readonly promptOf: (turn: BegunTurn) => string;
  readonly clock: Clock;
  readonly events: Events;
  readonly timeZone: string;
  readonly version: string;
  readonly limits: GatewayLimits;
  /** The agents as people choose them. */
  readonly knownAgents: readonly KnownAgent[];
  /** A platform's home channel, or that of one of its bots; null when there is none. */
  readonly homeOf: (platform: string, account: string | null) => Lane | null;
  /** How each bot is to be treated. */
  readonly rulesOf: (platform: string, account: string) => PlatformRules;
  readonly media: MediaRules;
  readonly queue: {
    /** What waits behind a turn becomes one turn, or one each. */
    readonly mode: QueueMode;
    readonly debounceMs: number;
  };
  /** Who may choose the agent and the model of a conversation. Absent: admins. */
  readonly choices?: Choices;
  /** Who names a conversation that no person has: its agent, where it can, or its first words. Absent: its first words. */
  readonly titles?: "agent" | "text";
  /** What runs by the clock. Absent: reports go beside the files, and nobody waits for the end of a run. */
  readonly jobs?: JobHooks;
  /** What is kept of conversations that get long, or end. Absent: nothing but their lines. */
  readonly memory?: MemoryRules;
  /** Told of each session's next reset as it moves: wakes the reset watcher. */
  readonly onDueAt: (nextResetAtMs: number) => void;
}
