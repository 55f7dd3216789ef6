import { resolve } from "node:path";
import type { Clock } from "../clock/clock.ts";
import { type AcpLiveSessions, acpLiveSessions } from "./acp-live-sessions.ts";
import type { AcpPeer } from "./acp-peer.ts";
import { acpProcess } from "./acp-process.ts";
import { openAcpSessions } from "./acp-sessions.ts";
import { acpTurn, type RunningPrompt } from "./acp-turn.ts";
import type { AgentBackend, AgentEvent, TurnRequest } from "./backend.ts";
import { orderlyTurn } from "./orderly-turn.ts";

/** A program that speaks the Agent Client Protocol. */
export interface AcpAgentOptions {
  /** The agent's name in the configuration. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Where it works; null: the daemon's own folder. */
  readonly cwd: string | null;
  /** Its environment besides PATH; nothing of the daemon's own reaches it. */
  readonly env: Readonly<Record<string, string>>;
  /** How many of the newest messages a new session of the agent is told. */
  readonly historyMessages: number;
  /** Where attachments' paths begin. */
  readonly mediaDir: string;
  /** Where its sessions and its process are noted; `endOrphans` reads it at the next start. */
  readonly stateDir: string;
  readonly clock: Clock;
  /** Gets what the program says on its standard error, and what happens to it: one safe line at a time. */
  readonly report: (line: string) => void;
}

/** An agent in a process of its own that stays: one session of it for each of ours, taken up again after a restart where it can. */
export function acpAgent(options: AcpAgentOptions): AgentBackend {
  const cwd = resolve(options.cwd ?? process.cwd());
  const kept = openAcpSessions(options.stateDir, options.name, options.report);
  const prompts = new Map<string, RunningPrompt>();
  const liveOf = new WeakMap<AcpPeer, AcpLiveSessions>();
  const stuck = new WeakSet<AcpPeer>();
  const program = acpProcess(
    { ...options, cwd, shell: false },
    {
      // What comes outside of a prompt is the replay of an earlier session, or nobody asked for it.
      updated: (sessionId, update) => prompts.get(sessionId)?.update(update),
      permissionAsked: async (request) =>
        (await prompts.get(request.sessionId)?.askPermission(request)) ?? { outcome: { outcome: "cancelled" } },
    },
  );

  const liveSessions = (peer: AcpPeer): AcpLiveSessions => {
    const live = liveOf.get(peer) ?? acpLiveSessions(peer, kept, { cwd, report: options.report });
    liveOf.set(peer, live);
    return live;
  };
  /** Whoever said stop must be able to rely on it; but other conversations finish first. */
  const endIfStuck = async (peer: AcpPeer) => {
    if (!stuck.has(peer) || prompts.size > 0) return;
    options.report("the agent did not stop when it was told to, and is ended");
    await peer.end();
  };
  async function* turn(request: TurnRequest, signal: AbortSignal): AsyncGenerator<AgentEvent> {
    if (signal.aborted) return;
    const opened = await unlessAborted(program.peer(), signal);
    if (opened === null) return;
    if (opened.kind === "failed") {
      yield opened.event;
      return;
    }
    const { peer } = opened;
    const live = liveSessions(peer);
    for (let mayBeUnknown = true; ; ) {
      const found = await unlessAborted(live.sessionFor(request.sessionId), signal);
      if (found === null) return;
      if (found.kind === "failed") {
        yield found.event;
        return;
      }
      const { session } = found;
      const isFree = await unlessAborted(session.settled, signal);
      if (isFree === null) return;
      if (!isFree) continue; // it has been forgotten, below
      const answered = (contextMark: string) => {
        program.worked();
        kept.keep(request.sessionId, { acpSessionId: session.id, contextMark });
      };
      let ended: "over" | "unknown_session" = "over";
      try {
        const rules = { ...options, peer, session, prompts, answered, mayBeUnknown };
        ended = yield* acpTurn(rules, request, signal);
      } finally {
        void session.settled.then(async (hasLetGo) => {
          if (!hasLetGo) {
            live.forget(request.sessionId);
            stuck.add(peer);
          }
          await endIfStuck(peer);
        });
      }
      if (ended === "over") return;
      live.forget(request.sessionId);
      mayBeUnknown = false;
    }
  }
  return {
    name: options.name,
    run: (request, signal) => orderlyTurn(() => turn(request, signal), signal),
    close: () => program.close(),
  };
}

/** Null when the signal aborts first; the work goes on, for whoever else waits for it. */
async function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value | null> {
  let stop = () => {};
  const aborted = new Promise<null>((resolve) => {
    stop = () => resolve(null);
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
