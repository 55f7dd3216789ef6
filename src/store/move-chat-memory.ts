import { formatScope } from "../session/memory-scope.ts";
import { changePlacementState, reindexPlacement, relocatePlacement, retargetPlacements } from "./change-placement.ts";
import { moveForgotten } from "./forgotten-marks.ts";
import { selectAnyPlacements, selectPlacementsOfSource, selectSamePlacements } from "./memory-placements.ts";
import type { MovedChat } from "./move-chat.ts";
import type { Tx } from "./writer.ts";

const PAGE = 500;
/** Most placements of the same words that one scope is looked through for. */
const MAX_SAME = 100;

/** What is remembered of a chat follows it to its new id; where the new one knows the same already, that stays the one that holds. */
export function moveChatMemory(tx: Tx, moved: MovedChat, sessionIds: readonly string[], nowMs: number): void {
  const { platform, account } = moved;
  const from = formatScope({ kind: "chat", platform, account, chatId: moved.fromChatId });
  const to = formatScope({ kind: "chat", platform, account, chatId: moved.toChatId });
  retargetPlacements(tx, from, to);
  for (const sessionId of sessionIds) reindexSource(tx, sessionId);
  moveForgotten(tx, from, to);
  for (;;) {
    const page = selectAnyPlacements(tx, from, 0, PAGE);
    for (const placement of page) {
      const same = selectSamePlacements(tx, to, placement.fingerprint, MAX_SAME).find(
        ({ state }) => state === "active",
      );
      if (placement.state !== "active" || same === undefined) {
        relocatePlacement(tx, placement, to);
        continue;
      }
      const change = { to: "superseded", nowMs, validToMs: nowMs, supersededBy: same.id } as const;
      changePlacementState(tx, placement, change);
      relocatePlacement(tx, { ...placement, state: "superseded" }, to);
    }
    if (page.length < PAGE) return;
  }
}

/** What people said in a session that has moved is found in its new chat. */
function reindexSource(tx: Tx, sessionId: string): void {
  for (let after = 0; ; ) {
    const page = selectPlacementsOfSource(tx, sessionId, after, PAGE);
    for (const placement of page) reindexPlacement(tx, placement);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.id;
  }
}
