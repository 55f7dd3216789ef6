import { formatScope, type Scope } from "../session/memory-scope.ts";
import { participantOf, type SessionSource } from "../session/source.ts";
import type { Claim } from "./claims.ts";
import type { SourcePlace } from "./promotion.ts";

/** Where something was said, as the policy of promotion asks. */
export function placeOf(source: SessionSource): SourcePlace {
  const { platform, account, chatType, chatId } = source;
  return { platform, account, chatType, chatId, userId: chatType === "dm" ? participantOf(source) : null };
}

/** The `chat:` scope of a place. */
export function chatOf({ platform, account, chatId }: SourcePlace): Scope {
  return formatScope({ kind: "chat", platform, account, chatId });
}

/** The `user:` scope of who said it; in a direct chat, where nobody is named, of the one it is with. */
export function authorOf(claim: Pick<Claim, "author">, source: SessionSource): Scope | null {
  const { platform, account, userId } = placeOf(source);
  const person = claim.author ?? userId;
  return person === null ? null : formatScope({ kind: "user", platform, account, userId: person });
}
