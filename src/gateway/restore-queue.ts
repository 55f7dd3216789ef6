import { isHeld } from "../store/holds.ts";
import { interruptRunning, selectOpenInbox } from "../store/open-inbox.ts";
import type { SessionStore } from "../store/store.ts";
import type { SessionQueue } from "./session-queue.ts";

/** Takes up what an earlier process left in the inbox, in order of arrival; what was held there is held again. Returns how much that is. */
export async function restoreQueue(store: SessionStore, queue: SessionQueue): Promise<number> {
  const open = selectOpenInbox(store.reader);
  if (open.some(({ state }) => state === "running")) await store.write(interruptRunning);
  for (const row of open) queue.restore(row.session_key, row.id);
  for (const [key, rows] of Map.groupBy(open, (row) => row.session_key)) {
    if (isHeld(store.reader, key, rows)) queue.hold(key);
  }
  return open.length;
}
