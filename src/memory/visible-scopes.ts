import { formatScope, type Scope } from "../session/memory-scope.ts";
import type { SourcePlace } from "./promotion.ts";

/** A scope that may be recalled somewhere. */
export interface VisibleScope {
  readonly scope: Scope;
  /** True where only what was said in this very chat may be shown: others read along, and were not there. */
  readonly isOfThisChatOnly: boolean;
}

/**
 * What may be recalled for a turn of this person (null for nobody in particular) in this place: the session, the person, the
 * chat, the agent, and what is for all. What a person said in private is not shown where others read the answer.
 */
export function visibleScopes(
  place: SourcePlace,
  of: { readonly sessionId: string; readonly agentId: string; readonly userId: string | null },
): readonly VisibleScope[] {
  const { platform, account } = place;
  const isPrivate = place.chatType === "dm";
  const person = of.userId === null ? [] : [{ kind: "user", platform, account, userId: of.userId } as const];
  return [
    { scope: formatScope({ kind: "session", sessionId: of.sessionId }), isOfThisChatOnly: false },
    ...person.map((scope) => ({ scope: formatScope(scope), isOfThisChatOnly: !isPrivate })),
    { scope: formatScope({ kind: "chat", platform, account, chatId: place.chatId }), isOfThisChatOnly: false },
    { scope: formatScope({ kind: "agent", agentId: of.agentId }), isOfThisChatOnly: false },
    { scope: formatScope({ kind: "global" }), isOfThisChatOnly: false },
  ];
}
