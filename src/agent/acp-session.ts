import { methods, type NewSessionRequest } from "@agentclientprotocol/sdk";
import { visibleText } from "../observe/visible-text.ts";
import { acpFailure, processEnded } from "./acp-failure.ts";
import type { AcpPeer } from "./acp-peer.ts";
import type { AcpSessionRecord } from "./acp-sessions.ts";
import type { AcpCost } from "./acp-usage.ts";
import type { AgentEvent } from "./backend.ts";
import { detailOf } from "./orderly-turn.ts";

/** A session that is open in the agent's process. */
export interface AcpSession {
  readonly id: string;
  /** As in `AcpSessionRecord`: null while the agent knows nothing of the conversation. */
  contextMark: string | null;
  readonly cost: AcpCost;
  /** Resolves when no prompt runs in it any more; with false when the agent did not let go of one. */
  settled: Promise<boolean>;
}

/** A session, or why there is none. */
export type OpenedSession =
  | { readonly kind: "open"; readonly session: AcpSession }
  | { readonly kind: "failed"; readonly event: AgentEvent & { readonly kind: "failed" } };

/**
 * Opens a session: an earlier one by `session/resume` or `session/load` where the agent can and still knows it, else a new
 * one. What the agent replays of an earlier one belongs to no turn and is dropped by whoever routes updates.
 */
export async function openAcpSession(
  peer: AcpPeer,
  record: AcpSessionRecord | null,
  options: { readonly cwd: string; readonly report: (line: string) => void },
): Promise<OpenedSession> {
  const place: NewSessionRequest = { cwd: options.cwd, mcpServers: [] };
  const open = (id: string, contextMark: string | null, costUsd: number | null): OpenedSession => ({
    kind: "open",
    session: { id, contextMark, cost: { counted: costUsd, said: null }, settled: Promise.resolve(true) },
  });
  if (record !== null) {
    try {
      if (await isTakenUp(peer, record.acpSessionId, place)) return open(record.acpSessionId, record.contextMark, null);
    } catch (error) {
      if (!peer.hungUp.aborted) options.report(visibleText(`an earlier session is begun anew: ${detailOf(error)}`));
    }
  }
  try {
    const { sessionId } = await peer.agent.request(methods.agent.session.new, place);
    return open(sessionId, null, 0);
  } catch (error) {
    if (peer.hungUp.aborted) return { kind: "failed", event: processEnded(await peer.gone) };
    return { kind: "failed", event: acpFailure(methods.agent.session.new, error, peer.authMethods) };
  }
}

/** False for an agent that can't; throws what it answers when it does not want to. */
async function isTakenUp(
  { agent, capabilities }: AcpPeer,
  sessionId: string,
  place: NewSessionRequest,
): Promise<boolean> {
  if (capabilities.sessionCapabilities?.resume) {
    await agent.request(methods.agent.session.resume, { sessionId, ...place });
    return true;
  }
  if (capabilities.loadSession !== true) return false;
  await agent.request(methods.agent.session.load, { sessionId, ...place });
  return true;
}
