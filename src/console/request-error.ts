import type { ContentfulStatusCode } from "hono/utils/http-status";

/** A request that is answered with an error: our caller's fault, or a limit. The message tells the caller what to do. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly status: ContentfulStatusCode;
  /** Stable, for programs: lower-case words joined by `_`. */
  readonly code: string;
  /** When it is worth trying again; null when it is not a matter of time. */
  readonly retryAfterSeconds: number | null;

  constructor(status: ContentfulStatusCode, code: string, message: string, retryAfterSeconds: number | null = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
