import { stat } from "node:fs/promises";
import type { Clock } from "../clock/clock.ts";
import type { AgentBackend, AgentEvent, TurnRequest } from "./backend.ts";
import { agentOfModule, type ModuleOptions } from "./module-export.ts";
import { importModule } from "./module-import.ts";
import { detailOf, orderlyTurn } from "./orderly-turn.ts";
import { failed } from "./program-failure.ts";

/** A file of code that answers turns. */
export interface ModuleAgentOptions {
  /** The agent's name in the configuration. */
  readonly name: string;
  /** Absolute; TypeScript whose types can be stripped, or JavaScript. */
  readonly path: string;
  readonly options: ModuleOptions;
  /** Whether a changed file is loaded again at the next turn: for development, since each version stays in memory. */
  readonly reload: boolean;
  readonly clock: Clock;
  /** Gets a word about each reload. */
  readonly report: (line: string) => void;
}

/** A module could not be loaded as an agent: the message is the operator's. */
export class ModuleAgentError extends Error {
  override readonly name = "ModuleAgentError";
}

/** One version of the module, and the turns that run on it. */
interface Version {
  readonly stamp: string;
  readonly agent: AgentBackend;
  turns: number;
  isReplaced: boolean;
}

/** Loads a module as an agent; throws a `ModuleAgentError` that says what is wrong with it. Its code runs in the daemon, with all its rights. */
export async function moduleAgent(options: ModuleAgentOptions): Promise<AgentBackend> {
  let current = await loadVersion(options);
  let loading: Promise<void> | null = null;

  const refresh = async () => {
    if (!options.reload || (await stampOf(options.path)) === current.stamp) return;
    const next = await loadVersion(options);
    const before = current;
    current = next;
    before.isReplaced = true;
    options.report(`${options.path} has changed and was loaded again`);
    await closeIfUnused(before, options);
  };
  async function* turn(request: TurnRequest, signal: AbortSignal): AsyncGenerator<AgentEvent> {
    // Turns that begin together load it once.
    loading ??= refresh().finally(() => {
      loading = null;
    });
    try {
      await loading;
    } catch (error) {
      yield failed("misconfigured", detailOf(error));
      return;
    }
    const version = current;
    version.turns += 1;
    try {
      yield* version.agent.run(request, signal);
    } finally {
      version.turns -= 1;
      await closeIfUnused(version, options);
    }
  }
  return {
    name: options.name,
    ...(current.agent.takesSteering === true ? { takesSteering: true } : {}),
    // A changed file is looked for when a turn runs.
    ...(current.agent.answerAtOnce === undefined || options.reload
      ? {}
      : { answerAtOnce: (request) => current.agent.answerAtOnce?.(request) ?? null }),
    run: (request, signal) => orderlyTurn(() => turn(request, signal), signal),
    close: async () => await current.agent.close?.(),
  };
}

async function loadVersion({ name, path, options, reload, clock }: ModuleAgentOptions): Promise<Version> {
  try {
    const stamp = await stampOf(path);
    const exported = await importModule(path, reload ? stamp : null);
    return { stamp, agent: await agentOfModule(exported, { name, options, clock }), turns: 0, isReplaced: false };
  } catch (cause) {
    const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const why = isMissing ? "expected a file, got nothing there" : detailOf(cause);
    throw new ModuleAgentError(`${path}: could not be loaded as an agent: ${why}`, { cause });
  }
}

/** Changes whenever the file does. */
async function stampOf(path: string): Promise<string> {
  const { mtimeMs, size } = await stat(path);
  return `${mtimeMs}-${size}`;
}

/** An older version is closed after its last turn, as the gateway would. */
async function closeIfUnused(version: Version, { report }: ModuleAgentOptions): Promise<void> {
  if (!version.isReplaced || version.turns > 0) return;
  try {
    await version.agent.close?.();
  } catch (error) {
    report(`an earlier version could not be closed: ${detailOf(error)}`);
  }
}
