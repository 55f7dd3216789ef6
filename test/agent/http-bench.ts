import type { AgentBackend } from "../../src/agent/backend.ts";
import { type HttpAgentOptions, httpAgent } from "../../src/agent/http-agent.ts";
import { type Clock, systemClock } from "../../src/clock/clock.ts";
import { type Endpoint, startEndpoint } from "../fake/agents/endpoint.ts";
import { eventsOf } from "./program-turn.ts";

/** An agent at this address with the usual settings; attachments are looked for in /nowhere, reports lost. */
export function agentAt(url: string, changes: Partial<HttpAgentOptions> = {}): AgentBackend {
  return httpAgent({
    name: "remote",
    url,
    secret: null,
    headers: {},
    historyMessages: 0,
    firstByteTimeoutMs: 10_000,
    mediaDir: "/nowhere",
    clock: systemClock,
    report: () => {},
    ...changes,
  });
}

/** The limits of a request itself, in milliseconds: these timers stay real, while waits between tries only are noted. */
const REQUEST_LIMITS_MS = [10_000, 2_000];

/** Runs a turn without waiting between tries, and gives those waits. */
export async function eventsInTime(url: string) {
  const waitsMs: number[] = [];
  const clock: Clock = {
    ...systemClock,
    setTimer(delayMs, fire) {
      const isWait = !REQUEST_LIMITS_MS.includes(delayMs);
      if (isWait) waitsMs.push(delayMs);
      return systemClock.setTimer(isWait ? 0 : delayMs, fire);
    },
  };
  return { events: await eventsOf(agentAt(url, { clock })), waitsMs };
}

/** An endpoint that always answers this. */
export function answering(
  type: string,
  body: string | Buffer,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Promise<Endpoint> {
  return startEndpoint((_, response) => {
    response.writeHead(status, { "content-type": type, ...headers }).end(body);
  });
}

/** The same with JSON. */
export function answeringJson(value: unknown): Promise<Endpoint> {
  return answering("application/json", JSON.stringify(value));
}
