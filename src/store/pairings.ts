import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";
import type { PairingsTable } from "./tables.ts";

type Run = Pick<Connection, "run">;

/** A person who asked to be let in, or was. */
export type PairingRow = Readonly<PairingsTable>;

/** Who is meant: on each platform a person has one row, whichever of its bots was asked. */
export interface PairingPerson {
  readonly platform: string;
  readonly userId: string;
}

const one = statement<{ platform: string; userId: string }>()((db, p) =>
  db.selectFrom("pairings").selectAll().where("platform", "=", p.platform).where("user_id", "=", p.userId),
);
/** A person's row, or null. */
export function selectPairing(db: Reader, { platform, userId }: PairingPerson): PairingRow | null {
  return db.get(one, { platform, userId });
}

const paired = statement<{ platform: string; userId: string }>()((db, p) =>
  db
    .selectFrom("pairings")
    .select("user_id")
    .where("platform", "=", p.platform)
    .where("user_id", "=", p.userId)
    .where("state", "=", "approved"),
);
/** Whether a person has been let in. */
export function isPaired(db: Reader, { platform, userId }: PairingPerson): boolean {
  return db.get(paired, { platform, userId }) !== null;
}

const byCode = statement<{ codeHash: string; nowMs: number }>()((db, p) =>
  db
    .selectFrom("pairings")
    .selectAll()
    .where("state", "=", "pending")
    .where("code_hash", "=", p.codeHash)
    .where("expires_at_ms", ">", p.nowMs)
    .limit(1),
);
/** The request a code belongs to, or null. */
export function selectPairingOfCode(db: Reader, codeHash: string, nowMs: number): PairingRow | null {
  return db.get(byCode, { codeHash, nowMs });
}

const waiting = statement<{ nowMs: number }>()((db, p) =>
  db
    .selectFrom("pairings")
    .selectAll()
    .where("state", "=", "pending")
    .where("code_hash", "is not", null)
    .where("expires_at_ms", ">", p.nowMs)
    .orderBy("requested_at_ms")
    .orderBy("platform")
    .orderBy("user_id"),
);
/** Requests that wait for a decision, the oldest first: a few on each platform. */
export function selectPendingPairings(db: Reader, nowMs: number): PairingRow[] {
  return db.all(waiting, { nowMs });
}

const approved = statement<{ limit: number }>()((db, p) =>
  db
    .selectFrom("pairings")
    .selectAll()
    .where("state", "=", "approved")
    .orderBy("decided_at_ms", "desc")
    .orderBy("platform")
    .orderBy("user_id")
    .limit(p.limit),
);
/** The people who were let in, the latest first. */
export function selectApprovedPairings(db: Reader, limit: number): PairingRow[] {
  return db.all(approved, { limit });
}

/** A request as it is stored. */
export interface NewPairing extends PairingPerson {
  readonly userName: string | null;
  readonly account: string;
  readonly chatId: string;
  readonly codeHash: string;
  readonly requestedAtMs: number;
  readonly expiresAtMs: number;
}

const request = statement<{
  platform: string;
  userId: string;
  userName: string | null;
  account: string;
  chatId: string;
  codeHash: string;
  requestedAtMs: number;
  expiresAtMs: number;
}>()((db, p) => {
  const asked = {
    user_name: p.userName,
    account: p.account,
    chat_id: p.chatId,
    state: "pending",
    code_hash: p.codeHash,
    requested_at_ms: p.requestedAtMs,
    expires_at_ms: p.expiresAtMs,
    decided_at_ms: null,
    decided_by: null,
  } as const;
  return db
    .insertInto("pairings")
    .values({ platform: p.platform, user_id: p.userId, ...asked })
    .onConflict((conflict) => conflict.columns(["platform", "user_id"]).doUpdateSet(asked));
});
/** Stores a request; an earlier one of the same person gives way to it. */
export function putPendingPairing(db: Run, pairing: NewPairing): void {
  db.run(request, { ...pairing });
}

const approval = statement<{ platform: string; userId: string; decidedBy: string; decidedAtMs: number }>()((db, p) =>
  db
    .updateTable("pairings")
    .set({
      state: "approved",
      code_hash: null,
      expires_at_ms: null,
      decided_at_ms: p.decidedAtMs,
      decided_by: p.decidedBy,
    })
    .where("platform", "=", p.platform)
    .where("user_id", "=", p.userId)
    .where("state", "=", "pending"),
);
/** Lets a person in who asked; false when there is no such request. */
export function approvePending(db: Run, person: PairingPerson, decidedBy: string, decidedAtMs: number): boolean {
  const { platform, userId } = person;
  return db.run(approval, { platform, userId, decidedBy, decidedAtMs }).changes === 1;
}

const denial = statement<{ platform: string; userId: string; decidedBy: string; decidedAtMs: number }>()((db, p) =>
  db
    .updateTable("pairings")
    .set({ code_hash: null, decided_at_ms: p.decidedAtMs, decided_by: p.decidedBy })
    .where("platform", "=", p.platform)
    .where("user_id", "=", p.userId)
    .where("state", "=", "pending"),
);
/** Takes the code from a request; the row stays until it expires, so that whoever was denied cannot ask again at once. */
export function denyPending(db: Run, person: PairingPerson, decidedBy: string, decidedAtMs: number): boolean {
  const { platform, userId } = person;
  return db.run(denial, { platform, userId, decidedBy, decidedAtMs }).changes === 1;
}

const removal = statement<{ platform: string; userId: string }>()((db, p) =>
  db
    .deleteFrom("pairings")
    .where("platform", "=", p.platform)
    .where("user_id", "=", p.userId)
    .where("state", "=", "approved"),
);
/** Makes a person who was let in a stranger again; false when nobody of that id was. */
export function deleteApproved(db: Run, { platform, userId }: PairingPerson): boolean {
  return db.run(removal, { platform, userId }).changes === 1;
}

const sweep = statement<{ nowMs: number }>()((db, p) =>
  db.deleteFrom("pairings").where("state", "=", "pending").where("expires_at_ms", "<=", p.nowMs),
);
/** Forgets requests that nobody answered in time. */
export function deleteExpiredPairings(db: Run, nowMs: number): void {
  db.run(sweep, { nowMs });
}
