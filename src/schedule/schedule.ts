/** When something happens: a cron pattern, once, or at a steady interval counted from `anchorMs`. Times are milliseconds since 1970 UTC. */
export type Schedule =
  | { readonly kind: "cron"; readonly pattern: string }
  | { readonly kind: "at"; readonly atMs: number }
  | { readonly kind: "every"; readonly everyMs: number; readonly anchorMs: number };

/** A schedule and what bounds it. */
export interface Plan {
  readonly schedule: Schedule;
  /** IANA name: what the hours of a cron pattern and the days of the window mean. */
  readonly timeZone: string;
  /** The weekdays on which it may run, 1 for Monday to 7; null for all. */
  readonly days: readonly number[] | null;
  /** It never runs after this; null for no end. */
  readonly endsAtMs: number | null;
  /** Each run is put off by up to so much, always the same for the same time; 0 for none. */
  readonly jitterMs: number;
}

/** A schedule that was read, or what is wrong with its text and where (the index of the first character that does not fit). */
export type ReadSchedule<Read = Schedule> =
  | { readonly kind: "read"; readonly schedule: Read }
  | { readonly kind: "wrong"; readonly at: number; readonly message: string };

/** Shortest interval of `every`: cron knows no shorter one. */
export const MIN_EVERY_MS = 1_000;
/** Longest interval and furthest time ahead: five years. What is further away was mistyped. */
export const MAX_AHEAD_MS = 5 * 366 * 24 * 3_600_000;
