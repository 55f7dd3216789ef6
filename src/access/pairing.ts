import type { Button } from "../message/message.ts";
import { selectMeta } from "../store/meta.ts";
import {
  deleteExpiredPairings,
  type PairingPerson,
  type PairingRow,
  putPendingPairing,
  selectApprovedPairings,
  selectPairing,
  selectPendingPairings,
} from "../store/pairings.ts";
import type { Reader } from "../store/sqlite.ts";
import type { Tx } from "../store/writer.ts";
import { drawPairingCode, pairingCodeHash } from "./pairing-code.ts";
import { requestText, strangerText } from "./pairing-words.ts";

/** How long a code is valid. */
const VALID_MS = 3_600_000;
/** A person gets a code at most this often; messages in between are met with silence. */
const REQUEST_INTERVAL_MS = 600_000;
/** Requests of one platform that wait at the same time: strangers cannot fill an admin's list. */
const MAX_PENDING = 3;
/** People a list shows. */
const MAX_LISTED = 1_000;

/** A stranger's direct message. */
export interface PairingRequest extends PairingPerson {
  readonly account: string;
  readonly chatId: string;
  /** Other people's text: for admins' eyes only. */
  readonly userName: string | null;
  readonly nowMs: number;
}

/** What a stranger gets. */
export type PairingAnswer =
  | {
      readonly kind: "code";
      readonly code: string;
      /** For the stranger, in markdown. */
      readonly text: string;
      /** For the platform's home channel, where admins may see it; a press counts only when an admin's. */
      readonly notice: { readonly text: string; readonly buttons: readonly Button[] };
    }
  /** Asked a moment ago, was denied, or too many others wait. */
  | { readonly kind: "silent" };

/** A stranger whom the rules let ask has written: gives them a code, within the limits. */
export function requestPairing(tx: Tx, request: PairingRequest): PairingAnswer {
  const { nowMs, ...person } = request;
  deleteExpiredPairings(tx, nowMs);
  const earlier = selectPairing(tx, person);
  if (earlier !== null && !mayAskAgain(earlier, nowMs)) return { kind: "silent" };
  const others = selectPendingPairings(tx, nowMs).filter(
    (row) => row.platform === person.platform && row.user_id !== person.userId,
  );
  if (others.length >= MAX_PENDING) return { kind: "silent" };
  const code = drawPairingCode();
  const codeHash = pairingCodeHash(code, selectMeta(tx, "salt") ?? "");
  putPendingPairing(tx, { ...person, codeHash, requestedAtMs: nowMs, expiresAtMs: nowMs + VALID_MS });
  const notice = { text: requestText(code, person), buttons: decisionButtons(person) };
  return { kind: "code", code, text: strangerText(code, person), notice };
}

/** A row without a code is decided: a denied person waits until it expires. */
function mayAskAgain(earlier: PairingRow, nowMs: number): boolean {
  return earlier.code_hash !== null && Math.abs(nowMs - earlier.requested_at_ms) >= REQUEST_INTERVAL_MS;
}

/** Who waits for a decision, the oldest first, and who was let in, the latest first. */
export function listPairings(
  db: Reader,
  nowMs: number,
): { readonly pending: readonly PairingRow[]; readonly approved: readonly PairingRow[] } {
  return { pending: selectPendingPairings(db, nowMs), approved: selectApprovedPairings(db, MAX_LISTED) };
}

/** Approve and deny, to be shown under a post about a request: by the id, since a name is anybody's. */
export function decisionButtons({ platform, userId }: PairingPerson): readonly Button[] {
  return [
    { label: `Approve ${userId}`, command: `/pair approve ${platform}:${userId}`, style: "primary" },
    { label: `Deny ${userId}`, command: `/pair deny ${platform}:${userId}`, style: "danger" },
  ];
}
