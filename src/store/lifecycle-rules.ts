import { z } from "zod";
import { putMeta, selectMeta } from "./meta.ts";
import type { Connection, Reader } from "./sqlite.ts";

/** What hooks can be told of. */
export const lifecycleEventKinds = [
  "session.created",
  "memory.refreshed",
  "archive.written",
  "archives.merged",
  "chain.promoted",
  "session.ended",
  "session.purged",
] as const;
export type LifecycleEventKind = (typeof lifecycleEventKinds)[number];

const DAY_MS = 24 * 60 * 60_000;
const schema = z.object({
  /** How long an ended session is kept; null for ever. */
  retentionMs: z.number().nullable(),
  hooks: z.array(z.object({ name: z.string(), kinds: z.array(z.enum(lifecycleEventKinds)) })),
});
/** How long what has ended is kept, and which hooks there are, by their names. */
export type LifecycleRules = Readonly<z.infer<typeof schema>>;

/** Before a daemon has said otherwise. */
export const defaultLifecycleRules: LifecycleRules = { retentionMs: 30 * DAY_MS, hooks: [] };

/** The rules in force. They are stored, so that a session that is ended by the command line, without a daemon, ends by them too. */
export function selectLifecycleRules(db: Reader): LifecycleRules {
  const stored = selectMeta(db, "lifecycle_rules");
  return stored === null ? defaultLifecycleRules : schema.parse(JSON.parse(stored));
}

/** Puts other rules into force. */
export function putLifecycleRules(db: Pick<Connection, "run">, rules: LifecycleRules): void {
  putMeta(db, "lifecycle_rules", JSON.stringify(rules));
}
