import type { Clock } from "../../src/clock/clock.ts";
import { confirmWords } from "./confirm-words.ts";
import type { Deliver } from "./deliveries.ts";
import { INTERACTION_PATIENCE_MS, waitAtMost } from "./patience.ts";
import { isSigned } from "./signature.ts";

/** Slack's own events are under 100 KB; nothing near this is one. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Answers one call of Slack over HTTP: events, slash commands and interactions (docs.slack.dev/apis/events-api/using-http-request-urls).
 * `deliver` is null while nothing can be taken; Slack repeats events that are not answered with 200.
 */
export async function answerCall(
  request: Request,
  options: {
    readonly signingSecret: string;
    readonly clock: Clock;
    readonly deliver: Deliver | null;
    /** The call is Slack's. */
    readonly heard: () => void;
  },
): Promise<Response> {
  const { signingSecret, clock, deliver, heard } = options;
  if (request.method !== "POST") return new Response(null, { status: 405, headers: { Allow: "POST" } });
  const body = await readText(request);
  if (body === null) return new Response(null, { status: 413 });
  const { headers } = request;
  const call = {
    body,
    timestamp: headers.get("x-slack-request-timestamp"),
    signature: headers.get("x-slack-signature"),
  };
  if (!isSigned(call, signingSecret, clock.nowMs())) return new Response(null, { status: 401 });
  heard();

  const payload = payloadOf(body, headers.get("content-type") ?? "");
  if (payload === null) return new Response(null, { status: 400 });
  if (payload.type === "url_verification") return Response.json({ challenge: payload.challenge });
  if (payload.ssl_check === "1") return new Response(null, { status: 200 });
  if (deliver === null) return new Response(null, { status: 503 });

  const receiving = deliver({ body: payload, retryNumber: retryNumberOf(headers) });
  const isEvent = payload.type === "event_callback";
  const receipt = isEvent ? await receiving : await waitAtMost(receiving, INTERACTION_PATIENCE_MS, clock);
  if (receipt === "late") return new Response(null, { status: 200 });
  if (receipt.kind === "withhold") return new Response(null, { status: 503 });
  const words = confirmWords(receipt);
  return words === null ? new Response(null, { status: 200 }) : Response.json(words);
}

/** The body's text; null when it is longer than any of Slack's. */
async function readText(request: Request): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of request.body ?? []) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Events are JSON; commands are forms; interactions are JSON in a form's `payload`. */
function payloadOf(body: string, contentType: string): Record<string, unknown> | null {
  if (!contentType.startsWith("application/x-www-form-urlencoded")) return objectOf(body);
  const form = new URLSearchParams(body);
  const payload = form.get("payload");
  return payload === null ? Object.fromEntries(form) : objectOf(payload);
}

function objectOf(json: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

function retryNumberOf(headers: Headers): number | undefined {
  const number = Number(headers.get("x-slack-retry-num") ?? "");
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
