import { z } from "zod";
import { deleteMeta, putMeta, selectMeta } from "./meta.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

type Run = Pick<Connection, "run">;

const hold = z.object({ throughId: z.number(), atMs: z.number() });

const newest = statement<{ key: string }>()((db, p) =>
  db
    .selectFrom("inbox")
    .select("id")
    .where("session_key", "=", p.key)
    .where("state", "in", ["waiting", "running"])
    .orderBy("id", "desc")
    .limit(1),
);
/** What wants a turn in this key is not to have one until somebody says so or writes there, in the next process too. */
export function putHold(db: Run & Reader, key: string, atMs: number): void {
  const throughId = db.get(newest, { key })?.id;
  if (throughId !== undefined) putMeta(db, `held:${key}`, JSON.stringify({ throughId, atMs }));
}

/** What was held may have its turn. */
export function endHold(db: Run, key: string): void {
  deleteMeta(db, `held:${key}`);
}

/** Whether these open rows of a key are held. One that came after the hold has ended it, also where nobody noted that. */
export function isHeld(
  db: Reader,
  key: string,
  open: readonly { readonly id: number; readonly received_at_ms: number }[],
): boolean {
  const stored = selectMeta(db, `held:${key}`);
  if (stored === null) return false;
  const { throughId, atMs } = hold.parse(JSON.parse(stored));
  // The time tells a number that was given again.
  return open.every((row) => row.id <= throughId && row.received_at_ms <= atMs);
}
