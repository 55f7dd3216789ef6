import type { ServerResponse } from "node:http";

/** What goes wrong with one call of the Web API. */
export type SlackFault =
  /** 429; without seconds the header is left out. */
  | { readonly kind: "rate_limited"; readonly retryAfterSeconds: number | null }
  | { readonly kind: "status"; readonly status: number }
  /** `ok: false` with this error. */
  | { readonly kind: "error"; readonly error: string; readonly needed?: string }
  /** Nothing is done and nothing is ever answered. */
  | { readonly kind: "hang" }
  /** Nothing is done, and the connection is cut. */
  | { readonly kind: "close" }
  /** It is done, and the connection is cut before the answer. */
  | { readonly kind: "done_but_unanswered" }
  /** It is done, and what comes back is no JSON. */
  | { readonly kind: "garbage" }
  /** It is done as usual, after this long. */
  | { readonly kind: "slow"; readonly delayMs: number };

/** Arguments of a call, as they came. */
export type CallArguments = Readonly<Record<string, unknown>>;

/** Faults on demand, by method. */
export interface SlackFaults {
  /** The next `times` calls (default 1) of a method fail so; with `where`, only calls whose arguments it picks. */
  next(method: string, fault: SlackFault, options?: { times?: number; where?: (args: CallArguments) => boolean }): void;
  /** All calls of a method fail so until `clear`. */
  always(method: string, fault: SlackFault): void;
  clear(): void;
  /** The fault that this call meets, used up; null for none. Called by the server. */
  take(method: string, args: CallArguments): SlackFault | null;
}

/** Makes a set of faults without any. */
export function slackFaults(): SlackFaults {
  let planned: { method: string; fault: SlackFault; left: number; where: (args: CallArguments) => boolean }[] = [];
  return {
    next(method, fault, { times = 1, where = () => true } = {}) {
      planned.push({ method, fault, left: times, where });
    },
    always(method, fault) {
      planned.push({ method, fault, left: Number.POSITIVE_INFINITY, where: () => true });
    },
    clear() {
      planned = [];
    },
    take(method, args) {
      if (planned.length === 0) return null;
      const found = planned.find((plan) => plan.method === method && plan.left > 0 && plan.where(args));
      if (found === undefined) return null;
      found.left -= 1;
      planned = planned.filter((plan) => plan.left > 0);
      return found.fault;
    },
  };
}

/** Answers with what a fault shows; false when the call is to be answered after all. */
export function showFault(fault: SlackFault, response: ServerResponse): boolean {
  switch (fault.kind) {
    case "rate_limited":
      response.writeHead(
        429,
        fault.retryAfterSeconds === null ? {} : { "Retry-After": String(fault.retryAfterSeconds) },
      );
      response.end('{"ok":false,"error":"ratelimited"}');
      return true;
    case "status":
      response.writeHead(fault.status, { "Content-Type": "text/html" });
      response.end("<html><body>upstream trouble</body></html>");
      return true;
    case "garbage":
      response.writeHead(200, { "Content-Type": "text/html" });
      response.end("<!DOCTYPE html><title>Slack</title>");
      return true;
    case "close":
    case "done_but_unanswered":
      response.socket?.destroy();
      return true;
    case "hang":
      return true;
    case "error":
    case "slow":
      return false;
  }
}
