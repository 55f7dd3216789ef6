import type { Clock } from "../clock/clock.ts";
import type { AgentBackend, InstantRequest, TurnRequest } from "./backend.ts";
import { moduleEvents } from "./module-events.ts";

/** What a module is given: its `options` of the configuration, as they are. */
export type ModuleOptions = Readonly<Record<string, unknown>>;

const EXPECTED =
  "expected its default export, or one named agent, to be an AgentBackend, a function that makes one of its options, or an async function* (request, signal, options)";

/** The agent a module exports, made orderly. Throws a TypeError when it exports none, or what its factory throws. */
export async function agentOfModule(
  exported: Readonly<Record<string, unknown>>,
  made: { readonly name: string; readonly options: ModuleOptions; readonly clock: Clock },
): Promise<AgentBackend> {
  const value = exportedAgent(exported);
  if (value === undefined) {
    const names = Object.keys(exported);
    throw new TypeError(`${EXPECTED}, got ${names.length === 0 ? "no exports" : `only ${names.join(", ")}`}`);
  }
  const agent = agentOf(value, made);
  if (agent !== null) return agent;
  if (typeof value !== "function") throw new TypeError(`${EXPECTED}, got a value of type ${typeof value}`);
  const product: unknown = await value(made.options);
  const produced = agentOf(product, made);
  if (produced !== null) return produced;
  throw new TypeError(`${EXPECTED}, got a function that returned a value of type ${typeof product}`);
}

/** CommonJS modules arrive with everything they export inside `default`. */
function exportedAgent(exported: Readonly<Record<string, unknown>>): unknown {
  const value = exported.default ?? exported.agent;
  if (typeof value !== "object" || value === null || isBackend(value)) return value;
  return ("default" in value && value.default) || ("agent" in value && value.agent) || value;
}

function agentOf(
  value: unknown,
  { name, options, clock }: { readonly name: string; readonly options: ModuleOptions; readonly clock: Clock },
): AgentBackend | null {
  if (isAnswering(value))
    return { name, run: (request, signal) => moduleEvents(() => value(request, signal, options), signal, clock) };
  if (!isBackend(value)) return null;
  return {
    name,
    ...(value.takesSteering === true ? { takesSteering: true } : {}),
    ...instantOf(value),
    run: (request, signal) => moduleEvents(() => value.run(request, signal), signal, clock),
    async close() {
      await value.close?.();
    },
  };
}

/** What it says at once is read as what it says in events is: it may be anything. */
function instantOf(value: ForeignBackend): Pick<AgentBackend, "answerAtOnce"> {
  if (typeof value.answerAtOnce !== "function") return {};
  return {
    answerAtOnce(request) {
      const answer: unknown = value.answerAtOnce?.(request);
      if (answer === null || answer === undefined || typeof answer === "string") return answer ?? null;
      throw new TypeError(`expected answerAtOnce to return a text or null, got a value of type ${typeof answer}`);
    },
  };
}

type Answering = (request: TurnRequest, signal: AbortSignal, options: ModuleOptions) => AsyncIterable<unknown>;

/** Only an `async function*` answers turns itself: of any other function nobody could tell whether it makes an agent or is one. */
function isAnswering(value: unknown): value is Answering {
  return typeof value === "function" && Object.prototype.toString.call(value) === "[object AsyncGeneratorFunction]";
}

/** An AgentBackend of which nobody has checked the types: what it says is read event by event. */
interface ForeignBackend {
  readonly takesSteering?: unknown;
  answerAtOnce?(request: InstantRequest): unknown;
  run(request: TurnRequest, signal: AbortSignal): AsyncIterable<unknown>;
  close?(): unknown;
}

function isBackend(value: unknown): value is ForeignBackend {
  return typeof value === "object" && value !== null && "run" in value && typeof value.run === "function";
}
