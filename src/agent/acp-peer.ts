import { Readable, Writable } from "node:stream";
import {
  type AnyMessage,
  type AuthMethod,
  type ClientContext,
  client,
  type InitializeResponse,
  methods,
  ndJsonStream,
  PROTOCOL_VERSION,
  type RequestPermissionRequest,
  type RequestPermissionResponse,
  type Stream,
} from "@agentclientprotocol/sdk";
import { sleep } from "../clock/clock.ts";
import { parleyVersion } from "../version.ts";
import { acpFailure } from "./acp-failure.ts";
import { type AcpUpdate, readAcpUpdate } from "./acp-update.ts";
import type { AgentEvent } from "./backend.ts";
import { type ChildLog, childLog } from "./child-log.ts";
import { type ChildOptions, type RunningChild, startChild } from "./child-process.ts";
import { failed } from "./program-failure.ts";

/** What an agent asks and tells on its own. */
export interface AcpPeerEvents {
  /** In the order in which they came, and before the answer to the prompt they belong to. */
  readonly updated: (sessionId: string, update: AcpUpdate) => void;
  readonly permissionAsked: (request: RequestPermissionRequest) => Promise<RequestPermissionResponse>;
}

/** An agent's process with which the protocol has been agreed on. */
export interface AcpPeer {
  readonly agent: ClientContext;
  readonly capabilities: NonNullable<InitializeResponse["agentCapabilities"]>;
  readonly authMethods: readonly AuthMethod[];
  /** Aborts when it hangs up: requests of ours fail from then on. */
  readonly hungUp: AbortSignal;
  /** Resolves when it has ended, with how. */
  readonly gone: Promise<string>;
  /** Ends the process and everything it started. */
  end(): Promise<void>;
}

/** A peer, or why there is none. */
export type OpenedPeer =
  | { readonly kind: "open"; readonly peer: AcpPeer }
  | { readonly kind: "failed"; readonly event: AgentEvent & { readonly kind: "failed" } };

/** How long an agent may take to start: some load half the world first. */
const INITIALIZE_TIMEOUT_MS = 30_000;
/** Largest message taken from an agent, in bytes: a file of 20 MB in base64 and what is around it. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
/** How long the last lines of its standard error are awaited when it ends. */
const LAST_WORDS_MS = 200;

/** Starts an agent's process and agrees on the protocol. It is offered neither our files nor a terminal. */
export async function openAcpPeer(options: ChildOptions, events: AcpPeerEvents): Promise<OpenedPeer> {
  const started = await startChild(options);
  if (started.kind === "failed") return started;
  const { child } = started;
  const log = childLog(options.report, options.clock);
  const lastWords = log.take(child.stderr);

  const connection = client({ name: "parley" })
    .onRequest(methods.client.session.requestPermission, ({ params }) => events.permissionAsked(params))
    .connect(withUpdates(streamOf(child), events));
  const gone = Promise.race([child.exited, connection.closed]).then(async () => {
    connection.close();
    await child.end();
    await Promise.race([lastWords, sleep(options.clock, LAST_WORDS_MS)]);
    return await endDetail(child, log);
  });
  const end = async () => {
    connection.close();
    await child.end();
  };

  const waiting = new AbortController();
  const initialized = await Promise.race([
    connection.agent
      .request(methods.agent.initialize, {
        protocolVersion: PROTOCOL_VERSION,
        clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
        clientInfo: { name: "parley", title: "Parley", version: parleyVersion },
      })
      .catch((error: unknown) => ({ error })),
    sleep(options.clock, INITIALIZE_TIMEOUT_MS, waiting.signal).then(() => null),
  ]);
  waiting.abort();
  const failure = await initializeFailure(initialized, connection.signal, gone);
  if (failure !== null || initialized === null || "error" in initialized) {
    await end();
    return { kind: "failed", event: failure ?? failed("unavailable", "the agent did not start") };
  }
  const { agentCapabilities = {}, authMethods = [] } = initialized;
  const { agent, signal: hungUp } = connection;
  return { kind: "open", peer: { agent, capabilities: agentCapabilities, authMethods, hungUp, gone, end } };
}

async function initializeFailure(
  initialized: InitializeResponse | { readonly error: unknown } | null,
  closed: AbortSignal,
  gone: Promise<string>,
): Promise<(AgentEvent & { readonly kind: "failed" }) | null> {
  if (initialized === null) return failed("unavailable", `the agent did not start within ${INITIALIZE_TIMEOUT_MS} ms`);
  if ("error" in initialized) {
    if (closed.aborted)
      return failed(
        "misconfigured",
        `the agent ended before it spoke (${await gone}). Is it one that speaks the Agent Client Protocol, with the right arguments?`,
      );
    return acpFailure("initialize", initialized.error, []);
  }
  const { protocolVersion } = initialized;
  return protocolVersion === PROTOCOL_VERSION
    ? null
    : failed("misconfigured", `expected an agent of protocol version ${PROTOCOL_VERSION}, got ${protocolVersion}`);
}

function streamOf(child: RunningChild): Stream {
  return ndJsonStream(Writable.toWeb(child.stdin), Readable.toWeb(child.stdout), {
    maxMessageBytes: MAX_MESSAGE_BYTES,
  });
}

/** Takes the updates out of the stream: handled here they keep their order with the answers, and unknown kinds do no harm. */
function withUpdates({ writable, readable }: Stream, { updated }: AcpPeerEvents): Stream {
  const others = new TransformStream<AnyMessage, AnyMessage>({
    transform(message, controller) {
      if (!("method" in message) || message.method !== methods.client.session.update) {
        controller.enqueue(message);
        return;
      }
      const read = readAcpUpdate(message.params);
      if (read !== null) updated(read.sessionId, read.update);
    },
  });
  return { writable, readable: readable.pipeThrough(others) };
}

async function endDetail(child: RunningChild, log: ChildLog): Promise<string> {
  const { code, signal } = await child.exited;
  const last = log.tail();
  return `${code === null ? `ended by ${signal}` : `exit code ${code}`}${last === "" ? "" : `: ${last}`}`;
}
