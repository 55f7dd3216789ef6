import { z } from "zod";
import { type Clock, systemClock } from "../clock/clock.ts";

/** What a daemon made of a request. */
export type DaemonAnswer =
  | { readonly kind: "ok"; readonly status: number; readonly body: unknown }
  /** It said no. */
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly code: string;
      readonly message: string;
    }
  /** Nobody answered: it is gone, or just starting. */
  | { readonly kind: "unreached"; readonly why: string };

/** Talks to the HTTP server of a running daemon. */
export interface DaemonClient {
  request(
    method: "GET" | "POST" | "DELETE",
    path: string,
    options?: { readonly body?: unknown; readonly signal?: AbortSignal; readonly timeoutMs?: number },
  ): Promise<DaemonAnswer>;
  /** The chunks of a stream of events; null when it could not be opened. */
  stream(path: string, lastEventId: string | null, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | null>;
}

/** A loopback server that says nothing for this long is stuck. */
const TIMEOUT_MS = 15_000;

const errorBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** Makes a client; `token` is the configured one, null on a loopback server without. */
export function daemonClient(url: string, token: string | null, clock: Clock = systemClock): DaemonClient {
  const authorization: Readonly<Record<string, string>> = token === null ? {} : { authorization: `Bearer ${token}` };
  return {
    async request(method, path, { body, signal, timeoutMs = TIMEOUT_MS } = {}) {
      const expired = new AbortController();
      const timer = clock.setTimer(timeoutMs, () => expired.abort(new Error(`no answer within ${timeoutMs} ms`)));
      try {
        const response = await fetch(new URL(path, url), {
          method,
          headers: { ...authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) },
          body: body === undefined ? null : JSON.stringify(body),
          signal: signal === undefined ? expired.signal : AbortSignal.any([signal, expired.signal]),
        });
        return answerOf(response, await response.text());
      } catch (error) {
        return { kind: "unreached", why: reasonOf(error) };
      } finally {
        timer.cancel();
      }
    },
    async stream(path, lastEventId, signal) {
      const seen = lastEventId === null ? {} : { "last-event-id": lastEventId };
      const response = await fetch(new URL(path, url), { headers: { ...authorization, ...seen }, signal });
      if (response.ok && response.body !== null) return response.body;
      await response.body?.cancel();
      return null;
    },
  };
}

function answerOf(response: Response, text: string): DaemonAnswer {
  const body = jsonOf(text);
  if (response.ok) return { kind: "ok", status: response.status, body };
  const { code, message } = errorBody.safeParse(body).data?.error ?? {
    code: "unknown",
    message: `The daemon answered with HTTP status ${response.status}.`,
  };
  return { kind: "refused", status: response.status, code, message };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // no answer of ours: its status says what there is to say
  }
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : null;
  const code = cause !== null && "code" in cause ? String(cause.code) : null;
  return code ?? cause?.message ?? error.message;
}
