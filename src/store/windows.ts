import type { Selectable } from "kysely";
import { z } from "zod";
import type { WindowsTable } from "./lifecycle-tables.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

type Run = Pick<Connection, "run">;

const stateSchema = z.object({
  activeTask: z
    .object({ text: z.string(), origin: z.enum(["person", "agent", "summary"]), atMs: z.number() })
    .nullable(),
  uncertainties: z.array(z.string()),
  /** What stands for lines that no archive tells of; empty when nothing does. */
  compressed: z.string(),
  commitments: z.array(
    z.object({
      fingerprint: z.string(),
      kind: z.enum(["loop", "constraint", "decision"]),
      text: z.string(),
      state: z.enum(["open", "fulfilled", "expired"]),
      atMs: z.number(),
    }),
  ),
});
/** What a conversation is about right now: its task, what is unsure, what was promised, decided or demanded. */
export type WindowState = Readonly<z.infer<typeof stateSchema>>;
/** Something promised, decided or demanded; the same words once. */
export type Commitment = Readonly<WindowState["commitments"][number]>;

const tokenSchema = z.object({
  /** SHA-256 of the token, hexadecimal: the token itself is not stored. */
  hash: z.string(),
  issuedAtMs: z.number(),
  version: z.number(),
  messageCount: z.number(),
  watermark: z.number(),
});
/** A permission to compact once what was looked at when it was issued. */
export type PrepareToken = Readonly<z.infer<typeof tokenSchema>>;

/** What a session's window carries beside its lines. */
export interface Window {
  /** Moves when lines leave the window, whichever way. */
  readonly version: number;
  readonly commitCount: number;
  /** How often the window was compacted: thresholds speak once in each. */
  readonly cycle: number;
  /** The cycle in which the soft threshold spoke last. */
  readonly softCycle: number | null;
  readonly compactedAtMs: number | null;
  /** What the provider counts for one token of our estimate; null before it reported any. */
  readonly calibration: number | null;
  readonly token: PrepareToken | null;
  readonly state: WindowState;
}

const nothingYet: WindowState = { activeTask: null, uncertainties: [], compressed: "", commitments: [] };
/** What a session has before anything happened to it. */
export const freshWindow: Window = {
  version: 0,
  commitCount: 0,
  cycle: 0,
  softCycle: null,
  compactedAtMs: null,
  calibration: null,
  token: null,
  state: nothingYet,
};

const one = statement<{ session: number }>()((db, p) =>
  db.selectFrom("windows").selectAll().where("session", "=", p.session),
);
/** A session's window; a fresh one before anything happened to it. */
export function selectWindow(db: Reader, session: number): Window {
  const row = db.get(one, { session });
  return row === null ? freshWindow : windowOf(row);
}

function windowOf(row: Selectable<WindowsTable>): Window {
  return {
    version: row.version,
    commitCount: row.commit_count,
    cycle: row.cycle,
    softCycle: row.soft_cycle,
    compactedAtMs: row.compacted_at_ms,
    calibration: row.calibration,
    token: row.token === null ? null : tokenSchema.parse(JSON.parse(row.token)),
    state: stateSchema.parse(JSON.parse(row.state)),
  };
}

interface Stored extends Omit<Window, "token" | "state"> {
  session: number;
  token: string | null;
  tokenExpiresAtMs: number | null;
  state: string;
}
const replacement = statement<Stored>()((db, p) =>
  db.replaceInto("windows").values({
    session: p.session,
    version: p.version,
    commit_count: p.commitCount,
    cycle: p.cycle,
    soft_cycle: p.softCycle,
    compacted_at_ms: p.compactedAtMs,
    calibration: p.calibration,
    token: p.token,
    token_expires_at_ms: p.tokenExpiresAtMs,
    state: p.state,
  }),
);
/** How long a prepare token may be used. */
export const TOKEN_LIFE_MS = 300_000;
/** Stores a session's window. */
export function putWindow(db: Run, session: number, window: Window): void {
  db.run(replacement, {
    session,
    ...window,
    token: window.token === null ? null : JSON.stringify(window.token),
    tokenExpiresAtMs: window.token === null ? null : window.token.issuedAtMs + TOKEN_LIFE_MS,
    state: JSON.stringify(window.state),
  });
}

const movement = statement<{ session: number }>()((db, p) =>
  db
    .updateTable("windows")
    .set((eb) => ({ version: eb("version", "+", eb.lit(1)) }))
    .where("session", "=", p.session),
);
/** Lines were taken back: whoever looked at the window before has seen another one. */
export function moveWindow(db: Run, session: number): void {
  db.run(movement, { session });
}

const expired = statement<{ nowMs: number; limit: number }>()((db, p) =>
  db
    .updateTable("windows")
    .set({ token: null, token_expires_at_ms: null })
    .where("session", "in", (eb) =>
      eb.selectFrom("windows").select("session").where("token_expires_at_ms", "<=", p.nowMs).limit(p.limit),
    ),
);
/** Forgets tokens that nobody can use any more, and returns how many. */
export function clearExpiredTokens(db: Run, nowMs: number, limit: number): number {
  return db.run(expired, { nowMs, limit }).changes;
}

const removal = statement<{ session: number }>()((db, p) => db.deleteFrom("windows").where("session", "=", p.session));
/** Forgets a session's window; its lines go another way. */
export function deleteWindow(db: Run, session: number): void {
  db.run(removal, { session });
}
