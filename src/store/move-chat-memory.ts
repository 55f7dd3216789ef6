import { formatScope } from "../session/memory-scope.ts";
import { changePlacementState, relocatePlacement, retargetPlacements } from "./change-placement.ts";
import { moveForgotten } from "./forgotten-marks.ts";
import { selectAnyPlacements, selectSamePlacements } from "./memory-placements.ts";
import type { MovedChat } from "./move-chat.ts";
import type { Tx } from "./writer.ts";

const PAGE = 500;
/** Most placements of the same words that one scope is looked through for. */
const MAX_SAME = 100;

/** What is remembered of a chat follows it to its new id; where the new one knows the same already, that stays the one that holds. */
export function moveChatMemory(tx: Tx, moved: MovedChat, nowMs: number): void {
  const { platform, account } = moved;
  const from = formatScope({ kind: "chat", platform, account, chatId: moved.fromChatId });
  const to = formatScope({ kind: "chat", platform, account, chatId: moved.toChatId });
  retargetPlacements(tx, from, to);
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
