/** The parts of an id of the Go session package; empty where there is none. */
export interface LegacySessionId {
  readonly agentId: string;
  readonly channelId: string;
  readonly peerId: string;
  readonly threadId: string;
}

/** Its text: the parts joined unescaped, so that parts with a colon don't read back. */
export function legacySessionIdText({ agentId, channelId, peerId, threadId }: LegacySessionId): string {
  return [agentId, channelId, peerId, ...(threadId === "" ? [] : [threadId])].join(":");
}

/** What such a text was read as there: what comes after the fourth part is lost. Null with fewer than three. */
export function readLegacySessionId(text: string): LegacySessionId | null {
  const [agentId, channelId, peerId, threadId = ""] = text.split(":");
  if (agentId === undefined || channelId === undefined || peerId === undefined) return null;
  return { agentId, channelId, peerId, threadId };
}
