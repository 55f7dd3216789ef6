import type { listPairings } from "../access/pairing.ts";
import type { PairingRow } from "../store/pairings.ts";

/** Who waits and who was let in, as the API and `parley pair list --json` show them. */
export function pairingsJson({ pending, approved }: ReturnType<typeof listPairings>) {
  return {
    pending: pending.map((row) => ({
      ...placeOf(row),
      requestedAtMs: row.requested_at_ms,
      expiresAtMs: row.expires_at_ms,
    })),
    approved: approved.map((row) => ({ ...placeOf(row), decidedAtMs: row.decided_at_ms, decidedBy: row.decided_by })),
  };
}

function placeOf({ platform, user_id, user_name, account, chat_id }: PairingRow) {
  return { platform, userId: user_id, userName: user_name, account, chatId: chat_id };
}
