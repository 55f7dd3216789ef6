import { z } from "zod";
import { putMeta, selectMeta } from "../store/meta.ts";
import type { Reader } from "../store/sqlite.ts";
import type { Tx } from "../store/writer.ts";

/** Wrong codes within an hour, whoever tried them, after which no code is taken: guessing has to be hopeless, typing has not. */
export const MAX_WRONG_TRIES = 5;
/** How long no code is taken then, and how long a wrong try counts. */
const LOCK_MS = 3_600_000;

const times = z.array(z.number());

/** When codes are taken again; null when they are now. Kept in the database: a restart opens nothing. */
export function pairingLockedUntil(db: Reader, nowMs: number): number | null {
  const tries = triesOf(db);
  const until = (tries.at(-1) ?? 0) + LOCK_MS;
  // A lock that would last longer than a lock does comes from a clock that ran ahead.
  return tries.length >= MAX_WRONG_TRIES && until > nowMs && until <= nowMs + LOCK_MS ? until : null;
}

/** Counts a wrong code; returns how many more may be tried. */
export function countWrongTry(tx: Tx, nowMs: number): number {
  const recent = triesOf(tx).filter((atMs) => Math.abs(nowMs - atMs) < LOCK_MS);
  const tries = [...recent, nowMs].slice(-MAX_WRONG_TRIES);
  putMeta(tx, "pairing_tries", JSON.stringify(tries));
  return MAX_WRONG_TRIES - tries.length;
}

/** Forgets the wrong codes: a right one was given. */
export function forgetWrongTries(tx: Tx): void {
  if (triesOf(tx).length > 0) putMeta(tx, "pairing_tries", "[]");
}

function triesOf(db: Reader): readonly number[] {
  return times.parse(JSON.parse(selectMeta(db, "pairing_tries") ?? "[]"));
}
