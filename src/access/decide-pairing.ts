import { isPlatformName } from "../session/source.ts";
import { selectMeta } from "../store/meta.ts";
import {
  approvePending,
  deleteApproved,
  deleteExpiredPairings,
  denyPending,
  type PairingPerson,
  type PairingRow,
  selectPairing,
  selectPairingOfCode,
} from "../store/pairings.ts";
import type { Tx } from "../store/writer.ts";
import { pairingCodeHash, readPairingCode } from "./pairing-code.ts";
import { countWrongTry, forgetWrongTries, pairingLockedUntil } from "./pairing-tries.ts";

/** A person a decision was about, and where they asked: where they are told. */
export interface DecidedPerson extends PairingPerson {
  readonly userName: string | null;
  readonly account: string;
  readonly chatId: string;
}

/** What came of naming somebody by a code or an id. */
export type PairingDecision =
  | { readonly kind: "done"; readonly person: DecidedPerson }
  /** No open request has that code; so many more may be tried within the hour. */
  | { readonly kind: "wrong"; readonly triesLeft: number }
  /** Too many wrong codes: none is taken until then, milliseconds since 1970 UTC. An id is. */
  | { readonly kind: "locked"; readonly untilMs: number }
  /** Nobody with that id waits. */
  | { readonly kind: "unknown" };

/** Who decides. */
export interface Decider {
  /** `platform:userId`, or `operator`. */
  readonly by: string;
  /** Whether they may decide about people of that platform. */
  readonly decidesFor: (platform: string) => boolean;
}

/** Whoever has the command line or the HTTP API. */
export const operator: Decider = { by: "operator", decidesFor: () => true };

/** Lets a person in, by their code or as `platform:userId`. An id is no guess: it counts no try, and works while codes are locked. */
export function approvePairing(tx: Tx, codeOrId: string, decider: Decider, nowMs: number): PairingDecision {
  return decide(tx, codeOrId, decider, nowMs, (person) => approvePending(tx, person, decider.by, nowMs));
}

/** Turns a person down, by their code or id: until the request would have expired, they get no other code. */
export function denyPairing(tx: Tx, codeOrId: string, decider: Decider, nowMs: number): PairingDecision {
  return decide(tx, codeOrId, decider, nowMs, (person) => denyPending(tx, person, decider.by, nowMs));
}

/** Makes a person who was let in (`platform:userId`) a stranger again; null when nobody of that id was. Whom the configuration lists stays let in. */
export function revokePairing(tx: Tx, id: string, decider: Decider): DecidedPerson | null {
  const named = readPersonId(id);
  const row = named !== null && decider.decidesFor(named.platform) ? selectPairing(tx, named) : null;
  return row !== null && deleteApproved(tx, personOf(row)) ? personOf(row) : null;
}

/** Reads `platform:userId`; null for any other text. */
export function readPersonId(text: string): PairingPerson | null {
  const [, platform = "", userId = ""] = /^([^:]+):(.+)$/s.exec(text.trim().replaceAll("`", "")) ?? [];
  return isPlatformName(platform) ? { platform, userId } : null;
}

function decide(
  tx: Tx,
  codeOrId: string,
  decider: Decider,
  nowMs: number,
  act: (person: PairingPerson) => boolean,
): PairingDecision {
  deleteExpiredPairings(tx, nowMs);
  const named = readPersonId(codeOrId);
  if (named !== null) {
    const row = decider.decidesFor(named.platform) ? selectPairing(tx, named) : null;
    return row !== null && act(named) ? { kind: "done", person: personOf(row) } : { kind: "unknown" };
  }
  const untilMs = pairingLockedUntil(tx, nowMs);
  if (untilMs !== null) return { kind: "locked", untilMs };
  const codeHash = pairingCodeHash(readPairingCode(codeOrId), selectMeta(tx, "salt") ?? "");
  const row = selectPairingOfCode(tx, codeHash, nowMs);
  // The code of a platform that is not theirs to decide about is a wrong one: whether it exists is not told.
  if (row === null || !decider.decidesFor(row.platform) || !act(personOf(row))) {
    return { kind: "wrong", triesLeft: countWrongTry(tx, nowMs) };
  }
  forgetWrongTries(tx);
  return { kind: "done", person: personOf(row) };
}

function personOf(row: PairingRow): DecidedPerson {
  const { platform, user_id: userId, user_name: userName, account, chat_id: chatId } = row;
  return { platform, userId, userName, account, chatId };
}
