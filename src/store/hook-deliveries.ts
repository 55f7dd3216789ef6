import { eventOf, type LifecycleEvent } from "./lifecycle-events.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

type Run = Pick<Connection, "run">;

/** One event on its way to one hook. The event's number is the same in each attempt: receivers tell repetitions by it. */
export interface HookDelivery {
  readonly eventId: number;
  readonly hook: string;
  /** Attempts that failed. */
  readonly attempts: number;
  readonly error: string | null;
  readonly event: LifecycleEvent;
}

/** Attempts before an event is a dead letter. */
export const MAX_HOOK_ATTEMPTS = 6;
const FIRST_DELAY_MS = 1_000;
const DELAY_FACTOR = 5;

const due = statement<{ nowMs: number; limit: number }>()((db, p) =>
  db
    .selectFrom("hook_deliveries")
    .innerJoin("lifecycle_events", "lifecycle_events.id", "hook_deliveries.event")
    .select(["event", "hook", "attempts", "error", "kind", "session_id", "session_key", "data", "at_ms"])
    .where("state", "=", "pending")
    .where("next_attempt_at_ms", "<=", p.nowMs)
    .orderBy("next_attempt_at_ms")
    .orderBy("event")
    .limit(p.limit),
);
/** Deliveries whose attempt is due, the longest due first. Nothing is marked: one that dies in an attempt is made again. */
export function selectDueDeliveries(db: Reader, nowMs: number, limit: number): HookDelivery[] {
  return db.all(due, { nowMs, limit }).map((row) => ({ ...deliveryOf(row), event: eventOf(row) }));
}

const next = statement<{ after: number }>()((db, p) =>
  db
    .selectFrom("hook_deliveries")
    .select("next_attempt_at_ms")
    .where("state", "=", "pending")
    .where("next_attempt_at_ms", ">", p.after)
    .orderBy("next_attempt_at_ms")
    .limit(1),
);
/** When the first delivery after a time is due, or null. */
export function selectNextDeliveryAt(db: Reader, afterMs: number): number | null {
  return db.get(next, { after: afterMs })?.next_attempt_at_ms ?? null;
}

const pending = statement<{ event: number; hook: string }>()((db, p) =>
  db
    .selectFrom("hook_deliveries")
    .select("next_attempt_at_ms")
    .where("event", "=", p.event)
    .where("hook", "=", p.hook)
    .where("state", "=", "pending"),
);
/** When a delivery is tried next; null when it is done or dead, or there is none. */
export function selectPendingDeliveryAt(
  db: Reader,
  { eventId, hook }: Pick<HookDelivery, "eventId" | "hook">,
): number | null {
  return db.get(pending, { event: eventId, hook })?.next_attempt_at_ms ?? null;
}

const postponement = statement<{ event: number; hook: string; atMs: number }>()((db, p) =>
  db
    .updateTable("hook_deliveries")
    .set({ next_attempt_at_ms: p.atMs })
    .where("event", "=", p.event)
    .where("hook", "=", p.hook)
    .where("state", "=", "pending"),
);
/** Puts a delivery off that waits for another one; that is no attempt. */
export function postponeDelivery(
  db: Run,
  { eventId, hook }: Pick<HookDelivery, "eventId" | "hook">,
  atMs: number,
): void {
  db.run(postponement, { event: eventId, hook, atMs });
}

const deadCount = statement<object>()((db) =>
  db
    .selectFrom("hook_deliveries")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("state", "=", "dead"),
);
/** How many deliveries were given up. */
export function countDeadDeliveries(db: Reader): number {
  return db.get(deadCount, {})?.count ?? 0;
}

const dead = statement<{ limit: number }>()((db, p) =>
  db
    .selectFrom("hook_deliveries")
    .innerJoin("lifecycle_events", "lifecycle_events.id", "hook_deliveries.event")
    .select(["event", "hook", "attempts", "error", "kind", "session_id", "session_key", "data", "at_ms"])
    .where("state", "=", "dead")
    .orderBy("event", "desc")
    .limit(p.limit),
);
/** Deliveries that were given up, newest first. */
export function selectDeadDeliveries(db: Reader, limit: number): HookDelivery[] {
  return db.all(dead, { limit }).map((row) => ({ ...deliveryOf(row), event: eventOf(row) }));
}

function deliveryOf(row: { event: number; hook: string; attempts: number; error: string | null }) {
  return { eventId: row.event, hook: row.hook, attempts: row.attempts, error: row.error };
}

const done = statement<{ event: number; hook: string; nowMs: number }>()((db, p) =>
  db
    .updateTable("hook_deliveries")
    .set({ state: "done", finished_at_ms: p.nowMs, error: null })
    .where("event", "=", p.event)
    .where("hook", "=", p.hook)
    .where("state", "=", "pending"),
);
/** A hook has taken an event. */
export function markDelivered(db: Run, { eventId, hook }: Pick<HookDelivery, "eventId" | "hook">, nowMs: number): void {
  db.run(done, { event: eventId, hook, nowMs });
}

const failed = statement<{
  event: number;
  hook: string;
  state: "pending" | "dead";
  attempts: number;
  nextMs: number;
  error: string;
}>()((db, p) =>
  db
    .updateTable("hook_deliveries")
    .set({ state: p.state, attempts: p.attempts, next_attempt_at_ms: p.nextMs, error: p.error })
    .where("event", "=", p.event)
    .where("hook", "=", p.hook)
    .where("state", "=", "pending"),
);
/** An attempt failed: the next one comes after 1 s · 5ⁿ; after six the delivery is dead. Returns which. */
export function markDeliveryFailed(
  db: Run,
  delivery: Pick<HookDelivery, "eventId" | "hook" | "attempts">,
  nowMs: number,
  error: string,
): "pending" | "dead" {
  const attempts = delivery.attempts + 1;
  const state = attempts >= MAX_HOOK_ATTEMPTS ? "dead" : "pending";
  const nextMs = nowMs + FIRST_DELAY_MS * DELAY_FACTOR ** (attempts - 1);
  db.run(failed, { event: delivery.eventId, hook: delivery.hook, state, attempts, nextMs, error });
  return state;
}

const revival = statement<{ event: number; hook: string; nowMs: number }>()((db, p) =>
  db
    .updateTable("hook_deliveries")
    .set({ state: "pending", attempts: 0, next_attempt_at_ms: p.nowMs })
    .where("event", "=", p.event)
    .where("hook", "=", p.hook)
    .where("state", "=", "dead"),
);
/** Gives a dead delivery another life; false when there is no such one. */
export function reviveDelivery(
  db: Run,
  { eventId, hook }: Pick<HookDelivery, "eventId" | "hook">,
  nowMs: number,
): boolean {
  return db.run(revival, { event: eventId, hook, nowMs }).changes === 1;
}

const old = statement<{ before: number; limit: number }>()((db, p) =>
  db
    .selectFrom("hook_deliveries")
    .select(["event", "hook"])
    .where("state", "=", "done")
    .where("finished_at_ms", "<", p.before)
    .orderBy("finished_at_ms")
    .limit(p.limit),
);
const removal = statement<{ event: number; hook: string }>()((db, p) =>
  db.deleteFrom("hook_deliveries").where("event", "=", p.event).where("hook", "=", p.hook),
);
const anyOfEvent = statement<{ event: number }>()((db, p) =>
  db.selectFrom("hook_deliveries").select("hook").where("event", "=", p.event).limit(1),
);
const eventRemoval = statement<{ event: number }>()((db, p) =>
  db.deleteFrom("lifecycle_events").where("id", "=", p.event),
);
/** Forgets what was delivered before a time, and events that nobody is to be told of any more; returns how many deliveries. */
export function deleteOldDeliveries(db: Run & Reader, beforeMs: number, limit: number): number {
  const rows = db.all(old, { before: beforeMs, limit });
  for (const { event, hook } of rows) {
    db.run(removal, { event, hook });
    if (db.get(anyOfEvent, { event }) === null) db.run(eventRemoval, { event });
  }
  return rows.length;
}
