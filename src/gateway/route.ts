import { participantOf, type SessionSource } from "../session/source.ts";

/** Which agent answers where: all of a route's conditions must hold. */
export interface Route {
  readonly match: {
    readonly platform?: string;
    readonly workspaceId?: string;
    readonly chatType?: string;
    readonly chatId?: string;
    readonly threadId?: string;
    readonly userId?: string;
  };
  readonly agent: string;
}

/** The agent of a place: that of the first route that matches and exists, else `main`. A channel's routes hold for its threads. */
export function routeFor(
  routes: readonly Route[],
  agents: { has(name: string): boolean },
): (source: SessionSource) => string {
  return (source) => routes.find((route) => matches(route.match, source) && agents.has(route.agent))?.agent ?? "main";
}

function matches(match: Route["match"], source: SessionSource): boolean {
  const holds = (wanted: string | undefined, ...found: readonly (string | null)[]) =>
    wanted === undefined || found.includes(wanted);
  return (
    holds(match.platform, source.platform) &&
    holds(match.workspaceId, source.workspaceId) &&
    holds(match.chatType, source.chatType) &&
    holds(match.chatId, source.chatId, source.parentChatId) &&
    holds(match.threadId, source.threadId) &&
    holds(match.userId, source.userId, participantOf(source))
  );
}
