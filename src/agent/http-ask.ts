import { type Clock, sleep } from "../clock/clock.ts";
import type { IncomingMessage } from "../node-http.ts";
import { visibleText } from "../observe/visible-text.ts";
import { cutText } from "../session/untrusted-text.ts";
import { type HttpTrouble, isWorthAnotherTry } from "./http-failure.ts";
import { type Posted, postOnce } from "./http-post.ts";

/** What asking an endpoint came to. */
export type HttpAnswer =
  | { readonly kind: "answer"; readonly response: IncomingMessage }
  | { readonly kind: "trouble"; readonly trouble: HttpTrouble }
  | { readonly kind: "stopped" };

/** Tries of one turn: the first, and two more while not a byte of an answer has come. */
const MAX_TRIES = 3;
/** Wait before the second try; twice that before the third. */
const FIRST_WAIT_MS = 500;
/** Longest wait an endpoint may ask for within a turn; a longer one fails the turn, and the person is told. */
const MAX_RETRY_AFTER_MS = 30_000;
/** How much of an error's body is read for the log, in bytes. */
const MAX_EXCERPT_BYTES = 2_000;
const MAX_EXCERPT_LENGTH = 300;
/** How long an error's body may take to arrive. */
const EXCERPT_TIMEOUT_MS = 2_000;

/** Posts until an answer with status 200 to 299 begins. Throws for headers no request may have. */
export async function askEndpoint(
  post: Omit<Parameters<typeof postOnce>[0], "headers"> & {
    /** Made anew for each try: a signature holds its time. */
    readonly headersAt: (nowMs: number) => Readonly<Record<string, string>>;
  },
): Promise<HttpAnswer> {
  const { clock, signal } = post;
  for (let triesLeft = MAX_TRIES - 1; ; triesLeft--) {
    const posted = await postOnce({ ...post, headers: post.headersAt(clock.nowMs()) });
    if (posted.kind === "stopped" || signal.aborted) return { kind: "stopped" };
    if (posted.kind === "response" && isSuccess(posted.response)) return { kind: "answer", response: posted.response };
    const trouble = await troubleOf(posted, post.firstByteTimeoutMs, clock);
    const waitMs = waitBefore(trouble, triesLeft);
    if (waitMs === null) return { kind: "trouble", trouble };
    await sleep(clock, waitMs, signal);
    if (signal.aborted) return { kind: "stopped" };
  }
}

/** Null: no further try. */
function waitBefore(trouble: HttpTrouble, triesLeft: number): number | null {
  if (triesLeft === 0 || !isWorthAnotherTry(trouble)) return null;
  const asked = trouble.kind === "status" ? trouble.retryAfterMs : null;
  if (asked !== null) return asked > MAX_RETRY_AFTER_MS ? null : asked;
  return FIRST_WAIT_MS * 2 ** (MAX_TRIES - 1 - triesLeft);
}

function isSuccess({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

async function troubleOf(
  posted: Exclude<Posted, { kind: "stopped" }>,
  timeoutMs: number,
  clock: Clock,
): Promise<HttpTrouble> {
  switch (posted.kind) {
    case "late":
      return { kind: "late", timeoutMs };
    case "broken": {
      const { error } = posted;
      return { kind: "broken", code: "code" in error ? String(error.code) : "", message: brokenMessage(error) };
    }
    case "response": {
      const { response } = posted;
      return {
        kind: "status",
        status: response.statusCode ?? 0,
        excerpt: await excerptOf(response, clock),
        retryAfterMs: retryAfterMs(response.headers["retry-after"], clock.nowMs()),
      };
    }
  }
}

/** An error of several connection attempts has no message of its own. */
function brokenMessage(error: Error): string {
  const parts = error instanceof AggregateError ? error.errors.map(String).join("; ") : error.message;
  return parts || error.name;
}

/** The beginning of an error's body, as one safe line. */
async function excerptOf(response: IncomingMessage, clock: Clock): Promise<string> {
  let text = "";
  const giveUp = clock.setTimer(EXCERPT_TIMEOUT_MS, () => response.destroy());
  try {
    for await (const chunk of response) {
      text += String(chunk);
      if (text.length > MAX_EXCERPT_BYTES) break;
    }
  } catch {
    // What there is of it will do.
  } finally {
    giveUp.cancel();
  }
  return cutText(visibleText(text.trim()), MAX_EXCERPT_LENGTH);
}

/** Seconds or a date, RFC 9110 section 10.2.3; null when there is none to be read. */
function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  const seconds = Number(header);
  if (header.trim() !== "" && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
