import { type Clock, randomHex } from "../clock/clock.ts";
import type { AgentBackend, AgentEvent, TurnRequest } from "./backend.ts";
import { childLog } from "./child-log.ts";
import { httpAnswer } from "./http-answer.ts";
import { askEndpoint } from "./http-ask.ts";
import { httpFailure } from "./http-failure.ts";
import { SIGNATURE_HEADER, signatureOf } from "./http-signature.ts";
import { orderlyTurn } from "./orderly-turn.ts";
import { failed } from "./program-failure.ts";
import { programRequest } from "./program-request.ts";

/** An endpoint that answers turns. */
export interface HttpAgentOptions {
  /** The agent's name in the configuration. */
  readonly name: string;
  /** http or https, without credentials. */
  readonly url: string;
  /** Signs each request; null for none. */
  readonly secret: string | null;
  /** Sent with each request, over ours. */
  readonly headers: Readonly<Record<string, string>>;
  /** How many of the newest messages go with a turn. */
  readonly historyMessages: number;
  readonly firstByteTimeoutMs: number;
  /** Where attachments' paths begin. */
  readonly mediaDir: string;
  readonly clock: Clock;
  /** Gets what is wrong with an answer: one safe line at a time. */
  readonly report: (line: string) => void;
}

/** An agent behind HTTP: the turn is posted as JSON; the answer comes as JSON, text, JSON lines or server-sent events. */
export function httpAgent(options: HttpAgentOptions): AgentBackend {
  return {
    name: options.name,
    run: (request, signal) => orderlyTurn(() => turn(options, request, signal), signal),
  };
}

async function* turn(options: HttpAgentOptions, request: TurnRequest, signal: AbortSignal): AsyncGenerator<AgentEvent> {
  const { clock } = options;
  const body = await programRequest(request, { ...options, attachments: "data" });
  // The same for every try of this turn, so that an endpoint can tell a repetition.
  const turnId = randomHex(16);
  const ending = new AbortController();
  const stop = () => ending.abort();
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  try {
    const answer = await askEndpoint({
      ...options,
      body,
      signal: ending.signal,
      headersAt: (nowMs) => headersFor(options, body, turnId, nowMs),
    });
    if (answer.kind === "trouble") yield httpFailure(answer.trouble);
    if (answer.kind !== "answer") return;
    const log = childLog(options.report, clock);
    for await (const event of httpAnswer(answer.response, (why) =>
      log.say(`a part of the answer is left out: ${why}`),
    )) {
      // A path would name a file of this machine, which is none of the endpoint's business.
      if (event.kind === "file_at") log.say("a file is not sent: over HTTP it needs data, in base64");
      else yield event;
      if (event.kind === "done" || event.kind === "failed") return;
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const message = error instanceof Error ? error.message : String(error);
    if (code === "ERR_INVALID_CHAR" || code === "ERR_INVALID_HTTP_TOKEN")
      yield failed("misconfigured", `headers: expected names and values that HTTP allows, got others (${code})`);
    else yield failed("error", `the answer broke off: ${message}`, { retryable: true });
  } finally {
    signal.removeEventListener("abort", stop);
    stop(); // whatever of the answer is still to come
  }
}

function headersFor(
  { secret, headers }: HttpAgentOptions,
  body: string,
  turnId: string,
  nowMs: number,
): Readonly<Record<string, string>> {
  return {
    "content-type": "application/json; charset=utf-8",
    "content-length": String(Buffer.byteLength(body)),
    accept: "text/event-stream, application/x-ndjson, application/json, text/plain",
    "accept-encoding": "identity",
    "idempotency-key": turnId,
    ...(secret === null ? {} : { [SIGNATURE_HEADER]: signatureOf(body, secret, nowMs) }),
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  };
}
