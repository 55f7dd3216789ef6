import type { Adapter } from "../platform/adapter.ts";
import { contextPrompt } from "../session/context-prompt.ts";
import { isSharedSession, type KeyOptions } from "../session/key.ts";
import type { HomeChannel } from "../session/session-context.ts";
import type { Session } from "../store/session.ts";

/** Makes the text an agent is given about where it is: the context prompt, then what is known of the conversation before this one. */
export function promptFor(options: {
  readonly adapters: readonly Adapter[];
  readonly homeChannels: readonly HomeChannel[];
  readonly keys: KeyOptions;
  /** This installation's salt for hashed ids. */
  readonly salt: string;
}): (turn: { readonly session: Session }) => string {
  const connectedPlatforms = [...new Set(options.adapters.map(({ platform }) => platform))];
  return ({ session }) => {
    const { source } = session;
    const adapter = options.adapters.find(
      ({ platform, account }) => platform === source.platform && account === source.account,
    );
    const prompt = contextPrompt(
      {
        source,
        agentId: session.agentId,
        connectedPlatforms,
        homeChannels: options.homeChannels,
        sessionKey: session.sessionKey,
        sessionId: session.sessionId,
        createdAtMs: session.createdAtMs,
        updatedAtMs: session.lastActiveMs,
        shared: isSharedSession(source, options.keys),
        notes: adapter?.notes ?? null,
      },
      { redactPii: adapter?.redactsPii ?? false, salt: options.salt },
    );
    return session.openingNote === null ? prompt : `${prompt}\n\n${session.openingNote}`;
  };
}
