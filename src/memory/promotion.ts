import { formatScope, type Scope } from "../session/memory-scope.ts";
import type { Bucket, Claim } from "./claims.ts";

/** From here on a model is sure enough for a claim to outlive its session. */
export const MIN_CONFIDENCE = 0.8;
/** What was said in so many sessions needs nobody's certainty. */
export const MIN_SESSIONS = 2;

/** Where something was said. */
export interface SourcePlace {
  readonly platform: string;
  readonly account: string;
  readonly chatType: "dm" | "group" | "channel" | "thread";
  /** The chat; for a thread that people of its channel can't all read, the thread's own. */
  readonly chatId: string;
  /** Whose direct conversation it is; null where several people are. */
  readonly userId: string | null;
}

/**
 * The scope a claim may be promoted to; null for none, it stays with its session. A scope is allowed only when everybody in it
 * was there: a direct conversation reaches its person alone, a group its chat, and of a person only what that person said of
 * themselves. What every conversation of an agent would see was never said to all of them.
 */
export function promotionScope(claim: Pick<Claim, "about" | "author">, place: SourcePlace): Scope | null {
  const { platform, account } = place;
  if (place.chatType === "dm") {
    const userId = place.userId ?? claim.author;
    if (userId === null || (claim.author !== null && claim.author !== userId)) return null;
    return claim.about === "session" || claim.about === "agent"
      ? null
      : formatScope({ kind: "user", platform, account, userId });
  }
  switch (claim.about) {
    case "user":
      return claim.author === null ? null : formatScope({ kind: "user", platform, account, userId: claim.author });
    case "chat":
      return formatScope({ kind: "chat", platform, account, chatId: place.chatId });
    case "agent":
    case "session":
      return null;
  }
}

/** Whether what was learned in this place may be placed beyond its session into `scope`, whoever asks for it: nobody may see it who was not there. */
export function mayReach(scope: string, claim: Pick<Claim, "about" | "author">, place: SourcePlace): boolean {
  const own = claim.author === null ? null : promotionScope({ ...claim, about: "user" }, place);
  const chat = promotionScope({ ...claim, about: "chat" }, place);
  return scope === own || scope === chat;
}

/** What the policy asks of something that is known in one session. */
export interface Candidate {
  readonly bucket: Bucket;
  /** 0 to 1. */
  readonly confidence: number;
  readonly isExplicit: boolean;
  /** In how many sessions it was said, this one included. */
  readonly sessions: number;
}

/** When something that may reach its scope goes there. */
export type PromotionTime = "now" | "at_end" | "never";

/** What was told explicitly at once; what is sure or was said again at the session's end; summaries never. */
export function promotionTime({ bucket, confidence, isExplicit, sessions }: Candidate): PromotionTime {
  if (isExplicit) return "now";
  if (bucket === "session_summary") return "never";
  return confidence >= MIN_CONFIDENCE || sessions >= MIN_SESSIONS ? "at_end" : "never";
}
