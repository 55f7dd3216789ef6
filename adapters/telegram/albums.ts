import type { Addressed } from "../../src/message/message.ts";

/** Albums remembered: their parts come one after the other, at most ten each. */
const MAX_ALBUMS = 200;

/** Whether albums are meant for the bot: only one part has the caption, and with it the mention. */
export interface Albums {
  /** What a part is, given the parts before it. */
  addressed(chatId: string, albumId: string, itself: Addressed): Addressed;
}

/** None seen yet. */
export function openAlbums(): Albums {
  const meant = new Set<string>();
  return {
    addressed(chatId, albumId, itself) {
      const key = `${chatId} ${albumId}`;
      if (itself !== "yes") return meant.has(key) ? "yes" : itself;
      meant.add(key);
      const [oldest] = meant;
      if (meant.size > MAX_ALBUMS && oldest !== undefined) meant.delete(oldest);
      return itself;
    },
  };
}
