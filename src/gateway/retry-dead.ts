import { type Lane, reviveOutbox, selectDeadOutbox } from "../store/outbox.ts";
import type { SessionStore } from "../store/store.ts";

/** Gives a dead post another life, from its first attempt on; false when there is no such one. */
export async function retryDead(
  gateway: {
    readonly store: SessionStore;
    readonly delivery: { notify(lane: Lane): void };
    readonly clock: { nowMs(): number };
  },
  outboxId: number,
): Promise<boolean> {
  const lane = await gateway.store.write((tx): Lane | null => {
    const row = selectDeadOutbox(tx, outboxId + 1, 1)[0];
    if (row?.id !== outboxId) return null;
    reviveOutbox(tx, outboxId, gateway.clock.nowMs());
    return { platform: row.platform, account: row.account, chatId: row.chat_id, threadId: row.thread_id };
  });
  if (lane !== null) gateway.delivery.notify(lane);
  return lane !== null;
}
