import { requestPairing } from "../access/pairing.ts";
import type { InboundMessage } from "../message/message.ts";
import { participantOf } from "../session/source.ts";
import { selectDmOf } from "../store/recent-places.ts";
import type { Tx } from "../store/writer.ts";
import { type AdapterOf, type Post, writePosts } from "./posts.ts";

/** Tells an unknown person how to be let in, and those who may decide: the admins who have spoken with this bot, else its home channel. */
export function meetStranger(
  tx: Tx,
  adapterOf: AdapterOf,
  deciders: {
    /** User ids of the platform's admins. */
    readonly admins: readonly string[];
    readonly home: { readonly chatId: string; readonly threadId: string | null } | null;
  },
  message: InboundMessage,
  nowMs: number,
): readonly Post[] {
  const { platform, account, chatId, threadId, userName } = message.source;
  const userId = participantOf(message.source);
  if (userId === null) return [];
  const asked = requestPairing(tx, { platform, account, chatId, userId, userName, nowMs });
  if (asked.kind === "silent") return [];
  const speech = { inboxId: null, session: null, kind: "notice", nowMs } as const;
  const place = { platform, account, chatId, threadId };
  const posts = writePosts(tx, adapterOf, { ...speech, place, text: asked.text, replyTo: message.messageId });
  const dms = deciders.admins.flatMap((admin) => {
    const dm = selectDmOf(tx, platform, account, admin);
    return dm === null ? [] : [{ chatId: dm, threadId: null }];
  });
  const places = dms.length === 0 && deciders.home !== null ? [deciders.home] : dms;
  for (const where of places) {
    posts.push(
      ...writePosts(tx, adapterOf, {
        ...speech,
        ...asked.notice,
        place: { platform, account, ...where },
        replyTo: null,
      }),
    );
  }
  return posts;
}
