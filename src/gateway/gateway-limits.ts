/** The bounds a gateway keeps. */
export interface GatewayLimits {
  readonly maxConcurrentTurns: number;
  /** Messages that wait in one session; beyond it the sender is told. */
  readonly maxPending: number;
  readonly turnTimeoutMs: number;
  /** How long a shutdown waits for turns to finish. */
  readonly drainMs: number;
  /** A post that could not be delivered for this long is given up. */
  readonly outboxMaxAgeMs: number;
}
