import { request as requestHttps } from "node:https";
import type { Clock } from "../clock/clock.ts";
import { type IncomingMessage, request as requestHttp } from "../node-http.ts";

/** What came of one POST. */
export type Posted =
  | { readonly kind: "response"; readonly response: IncomingMessage }
  /** Nothing came: no connection, or it broke. */
  | { readonly kind: "broken"; readonly error: Error }
  /** No first byte in time. */
  | { readonly kind: "late" }
  | { readonly kind: "stopped" };

/**
 * Posts a body once, without following redirects. Resolves with the response's beginning; its body breaks off when `signal` aborts.
 * Throws for headers no request may have.
 */
export function postOnce(options: {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly firstByteTimeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<Posted> {
  const { url, headers, body, firstByteTimeoutMs, clock, signal } = options;
  const request = url.startsWith("https:") ? requestHttps : requestHttp;
  const sent = request(url, { method: "POST", headers, signal });
  return new Promise((resolve) => {
    const timer = clock.setTimer(firstByteTimeoutMs, () => settle({ kind: "late" }));
    const settle = (posted: Posted) => {
      timer.cancel();
      if (posted.kind !== "response") sent.destroy();
      resolve(posted);
    };
    sent.on("response", (response) => settle({ kind: "response", response }));
    // Stays for the time after the response, when the reader of the body is told too.
    sent.on("error", (error) => settle(signal.aborted ? { kind: "stopped" } : { kind: "broken", error }));
    sent.end(body);
  });
}
