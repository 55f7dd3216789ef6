import type { Selectable } from "kysely";
import { type LifecycleEventKind, selectLifecycleRules } from "./lifecycle-rules.ts";
import type { LifecycleEventsTable } from "./lifecycle-tables.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

type Run = Pick<Connection, "run">;

/** Something that happened to a session, as hooks are told of it. */
export interface LifecycleEvent {
  readonly kind: LifecycleEventKind;
  readonly sessionId: string;
  readonly sessionKey: string;
  /** What belongs to its kind: `reason` of an end, `archiveId` and range of an archive, … */
  readonly data: Readonly<Record<string, unknown>>;
  readonly atMs: number;
}

interface Insertion {
  kind: string;
  sessionId: string;
  sessionKey: string;
  data: string;
  atMs: number;
}
const insertion = statement<Insertion>()((db, p) =>
  db
    .insertInto("lifecycle_events")
    .values({ kind: p.kind, session_id: p.sessionId, session_key: p.sessionKey, data: p.data, at_ms: p.atMs }),
);
const delivery = statement<{ event: number; hook: string; atMs: number }>()((db, p) =>
  db
    .insertInto("hook_deliveries")
    .values({ event: p.event, hook: p.hook, state: "pending", next_attempt_at_ms: p.atMs }),
);
/** Writes an event with a delivery for each hook that asks for its kind, in the transaction in which it happens; nothing where no hook asks. */
export function writeEvent(db: Run & Reader, event: LifecycleEvent): void {
  const hooks = selectLifecycleRules(db).hooks.filter(({ kinds }) => kinds.includes(event.kind));
  if (hooks.length === 0) return;
  const id = db.run(insertion, { ...event, data: JSON.stringify(event.data) }).lastId;
  for (const { name } of hooks) db.run(delivery, { event: id, hook: name, atMs: event.atMs });
}

/** A stored event. */
export function eventOf(row: Omit<Selectable<LifecycleEventsTable>, "id">): LifecycleEvent {
  return {
    kind: row.kind as LifecycleEventKind,
    sessionId: row.session_id,
    sessionKey: row.session_key,
    data: JSON.parse(row.data) as Record<string, unknown>,
    atMs: row.at_ms,
  };
}
