import type { IncomingMessage, ServerResponse } from "node:http";

/** What can go wrong with a call. */
export type Fault =
  /** 429 with this wait; `isGlobal` says that it holds for the whole bot. */
  | { readonly kind: "rate_limit"; readonly retryAfterMs: number; readonly isGlobal?: boolean }
  /** Refused with this status and Discord's own error code. */
  | { readonly kind: "status"; readonly status: number; readonly code?: number; readonly message?: string }
  /** Never answered, and not done. */
  | { readonly kind: "hang" }
  /** The connection is cut, and nothing is done. */
  | { readonly kind: "cut" }
  /** Done, and then the connection is cut instead of answering. */
  | { readonly kind: "done_unanswered" }
  /** Done, and answered with what is no JSON. */
  | { readonly kind: "garbage" };

/** Faults that wait for calls. */
export interface Faults {
  /** The next `times` calls whose `METHOD /path` matches fail so; the path begins after the version. */
  add(call: RegExp, fault: Fault, times?: number): void;
  /** Takes the fault that waits for a call. */
  take(call: string): Fault | null;
  clear(): void;
}

/** No faults yet. */
export function makeFaults(): Faults {
  let waiting: { readonly call: RegExp; readonly fault: Fault; times: number }[] = [];
  return {
    add(call, fault, times = 1) {
      waiting.push({ call, fault, times });
    },
    take(call) {
      if (waiting.length === 0) return null;
      const found = waiting.find((each) => each.call.test(call));
      if (found === undefined) return null;
      found.times--;
      waiting = waiting.filter(({ times }) => times > 0);
      return found.fault;
    },
    clear() {
      waiting = [];
    },
  };
}

/** Lets a call fail; true when it must be done all the same. */
export async function applyFault(
  fault: Fault,
  request: IncomingMessage,
  response: ServerResponse,
  perform: () => Promise<unknown>,
): Promise<void> {
  switch (fault.kind) {
    case "rate_limit": {
      const seconds = fault.retryAfterMs / 1000;
      const isGlobal = fault.isGlobal === true;
      response.setHeader("Retry-After", String(seconds));
      response.setHeader("X-RateLimit-Scope", isGlobal ? "global" : "user");
      if (isGlobal) response.setHeader("X-RateLimit-Global", "true");
      else response.setHeader("X-RateLimit-Reset-After", String(seconds));
      answer(response, 429, { message: "You are being rate limited.", retry_after: seconds, global: isGlobal });
      return;
    }
    case "status":
      answer(response, fault.status, { message: fault.message ?? "refused", code: fault.code ?? 0 });
      return;
    case "hang":
      return;
    case "cut":
      request.socket.destroy();
      return;
    case "done_unanswered":
      await perform();
      request.socket.destroy();
      return;
    case "garbage":
      await perform();
      response.setHeader("Content-Type", "application/json");
      response.end("<html>what?");
      return;
  }
}

/** Answers with JSON; undefined is 204. */
export function answer(response: ServerResponse, status: number, body: unknown): void {
  if (body === undefined) {
    response.writeHead(204).end();
    return;
  }
  const text = JSON.stringify(body);
  response
    .writeHead(status, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) })
    .end(text);
}
