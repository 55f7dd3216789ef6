import type { Clock } from "../clock/clock.ts";
import type { Accept, Adapter, Intake } from "../platform/adapter.ts";
import { type MovedChat, moveChat } from "../store/move-chat.ts";
import { selectRecentPlaces } from "../store/recent-places.ts";
import type { SessionStore } from "../store/store.ts";
import { changeWaiting } from "./change-waiting.ts";

/** What one adapter tells the core, and may ask of it. */
export function openIntake(
  { platform, account }: Pick<Adapter, "platform" | "account">,
  core: {
    readonly store: SessionStore;
    readonly clock: Clock;
    readonly accept: Accept;
    readonly delivery: { moved(chat: MovedChat): void };
  },
): Intake {
  const { store, clock, accept, delivery } = core;
  return {
    accept,
    async edited(change) {
      await store.write((tx) => changeWaiting(tx, { platform, account, ...change }));
    },
    async chatMoved(change) {
      const moved = { platform, account, ...change };
      await store.write((tx) => moveChat(tx, moved, clock.nowMs()));
      delivery.moved(moved);
    },
    recentPlaces: (sinceMs) => selectRecentPlaces(store.reader, platform, account, sinceMs),
  };
}
