import { deleteMeta, putMeta, selectMeta } from "./meta.ts";
import type { Connection, Reader } from "./sqlite.ts";

/** Until when nothing is learned of a scope, milliseconds since 1970 UTC; null where nobody asked to be forgotten. */
export function selectForgottenAt(db: Reader, scope: string): number | null {
  const value = selectMeta(db, `forgotten:${scope}`);
  return value === null ? null : Number(value);
}

/** Nothing that was said until now is learned of a person, or in a chat, any more. */
export function noteForgotten(db: Pick<Connection, "run"> & Reader, scope: string, atMs: number): void {
  putMeta(db, `forgotten:${scope}`, String(Math.max(atMs, selectForgottenAt(db, scope) ?? atMs)));
}

/** The mark of a chat follows it to its new id. */
export function moveForgotten(db: Pick<Connection, "run"> & Reader, from: string, to: string): void {
  const atMs = selectForgottenAt(db, from);
  if (atMs === null) return;
  noteForgotten(db, to, atMs);
  deleteMeta(db, `forgotten:${from}`);
}
