import type { Adapter } from "../platform/adapter.ts";
import { contextPrompt } from "../session/context-prompt.ts";
import { isSharedSession, type KeyOptions } from "../session/key.ts";
import type { HomeChannel } from "../session/session-context.ts";
import { type Session, sessionOf } from "../store/session.ts";
import { selectSessionRow } from "../store/sessions.ts";
import type { Reader } from "../store/sqlite.ts";

/** Makes the text an agent is given about where it is: the context prompt, then what is known of the conversation before this one. */
export function promptFor(options: {
  readonly reader: Reader;
  readonly adapters: readonly Adapter[];
  /** As they are now: admins choose them in the chat. */
  readonly homeChannels: () => readonly HomeChannel[];
  /** Whether people's ids are hashed for the agent, where the platform bears it. */
  readonly redactsPii: (platform: string, account: string) => boolean;
  readonly keys: KeyOptions;
  /** This installation's salt for hashed ids. */
  readonly salt: string;
}): (turn: { readonly session: Pick<Session, "row"> }) => string {
  const connectedPlatforms = [...new Set(options.adapters.map(({ platform }) => platform))];
  return (turn) => {
    const row = selectSessionRow(options.reader, turn.session.row);
    if (row === null) return "";
    const session = sessionOf(row);
    const { source } = session;
    const adapter = options.adapters.find(
      ({ platform, account }) => platform === source.platform && account === source.account,
    );
    const prompt = contextPrompt(
      {
        source,
        agentId: session.agentId,
        connectedPlatforms,
        homeChannels: options.homeChannels(),
        sessionKey: session.sessionKey,
        sessionId: session.sessionId,
        createdAtMs: session.createdAtMs,
        updatedAtMs: session.lastActiveMs,
        shared: isSharedSession(source, options.keys),
        notes: adapter?.notes ?? null,
      },
      {
        redactPii: adapter?.redactsPii === true && options.redactsPii(source.platform, source.account),
        salt: options.salt,
      },
    );
    return session.openingNote === null ? prompt : `${prompt}\n\n${session.openingNote}`;
  };
}
