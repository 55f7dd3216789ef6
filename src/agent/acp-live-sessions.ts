import { methods } from "@agentclientprotocol/sdk";
import type { AcpPeer } from "./acp-peer.ts";
import { type OpenedSession, openAcpSession } from "./acp-session.ts";
import type { AcpSessions } from "./acp-sessions.ts";

/** The sessions that are open in one process of the agent, by ours. */
export interface AcpLiveSessions {
  /** The session of a conversation, opened when it is not; turns that ask at the same time get the same. */
  sessionFor(sessionId: string): Promise<OpenedSession>;
  /** Forgets one, in the process and for later ones: the next turn begins a new one. */
  forget(sessionId: string): void;
}

/** Sessions kept open in a process; of more, those unused for longest are closed, to be taken up again when they are needed. */
const MAX_OPEN = 200;

/** Starts with none open. */
export function acpLiveSessions(
  peer: AcpPeer,
  kept: AcpSessions,
  options: { readonly cwd: string; readonly report: (line: string) => void },
): AcpLiveSessions {
  const live = new Map<string, Promise<OpenedSession>>();

  const open = async (sessionId: string): Promise<OpenedSession> => {
    const opened = await openAcpSession(peer, kept.find(sessionId), options);
    if (opened.kind === "open") {
      const { id, contextMark } = opened.session;
      kept.keep(sessionId, { acpSessionId: id, contextMark });
    } else live.delete(sessionId);
    return opened;
  };
  const close = async (opening: Promise<OpenedSession>): Promise<void> => {
    const opened = await opening;
    if (opened.kind === "failed" || !peer.capabilities.sessionCapabilities?.close) return;
    if (!(await opened.session.settled)) return;
    try {
      await peer.agent.request(methods.agent.session.close, { sessionId: opened.session.id });
    } catch {
      // It frees memory, nothing else: an agent that refuses keeps the session open.
    }
  };
  return {
    sessionFor(sessionId) {
      const opening = live.get(sessionId) ?? open(sessionId);
      live.delete(sessionId);
      live.set(sessionId, opening);
      const [oldest] = live;
      if (live.size > MAX_OPEN && oldest !== undefined) {
        live.delete(oldest[0]);
        void close(oldest[1]);
      }
      return opening;
    },
    forget(sessionId) {
      live.delete(sessionId);
      kept.drop(sessionId);
    },
  };
}
