import { formOf, signedCall } from "./signed-request.ts";
import type { FakeEnvelope } from "./socket-mode.ts";

/** Where an app in http mode takes its calls. */
export interface HttpTarget {
  readonly url: string;
  readonly signingSecret: string;
}

/** Slack gives up on a call after this long (docs.slack.dev/apis/events-api#responding). */
const PATIENCE_MS = 3_000;

/** Makes one call as Slack does; what came back counts when it is a 200 in time. */
export async function callOverHttp(
  { url, signingSecret }: HttpTarget,
  { type, payload }: FakeEnvelope,
  attempt: number,
): Promise<{ readonly isTaken: boolean; readonly body: string }> {
  const isEvent = type === "events_api";
  const call = signedCall(signingSecret, isEvent ? JSON.stringify(payload) : formBody(type, payload), {
    contentType: isEvent ? "application/json" : "application/x-www-form-urlencoded",
    ...(attempt === 0 ? {} : { retryNumber: attempt }),
  });
  try {
    const response = await fetch(url, { method: "POST", ...call, signal: AbortSignal.timeout(PATIENCE_MS) });
    return { isTaken: response.status === 200, body: await response.text() };
  } catch {
    // Not reached, or too late: as for Slack, the same.
    return { isTaken: false, body: "" };
  }
}

function formBody(type: FakeEnvelope["type"], payload: unknown): string {
  if (type === "interactive") return formOf({ payload: JSON.stringify(payload) });
  return formOf(Object.fromEntries(Object.entries(payload ?? {}).map(([name, value]) => [name, String(value)])));
}
