/** What the platform (or the way to it) made of a post. */
export type DeliveryFailure =
  | "rate_limited"
  | "unreachable"
  | "forbidden"
  | "gone"
  | "too_long"
  | "bad_format"
  | "unauthorized"
  | "unknown";

/** Thrown by an adapter's `send`: who failed, whether it is certain that nothing was posted, and when to try again. */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
  readonly kind: DeliveryFailure;
  /** True when the platform certainly did not post it, so that sending again cannot double it. */
  readonly certain: boolean;
  /** How long the platform asks to wait; null when it did not say. */
  readonly retryAfterMs: number | null;
  /** What has to wait: this chat alone, or everything of this bot (a limit the platform calls global, a lost connection). */
  readonly scope: "chat" | "bot";

  constructor(
    kind: DeliveryFailure,
    message: string,
    options: {
      readonly certain: boolean;
      readonly retryAfterMs?: number | null;
      readonly scope?: "chat" | "bot";
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.certain = options.certain;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.scope = options.scope ?? "chat";
  }
}

/** Whether the same post may succeed later; what is not retryable is dead-lettered at once. */
export function isRetryable(kind: DeliveryFailure): boolean {
  return kind === "rate_limited" || kind === "unreachable" || kind === "unknown" || kind === "unauthorized";
}
