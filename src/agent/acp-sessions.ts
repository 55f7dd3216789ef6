import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";

/** What is kept of an agent's session from one process to the next. */
export interface AcpSessionRecord {
  readonly acpSessionId: string;
  /** `contextMark` of what the agent was last told about where it is; null before its first answer. */
  readonly contextMark: string | null;
}

/** The agent's sessions by ours, kept in a file. */
export interface AcpSessions {
  find(sessionId: string): AcpSessionRecord | null;
  keep(sessionId: string, record: AcpSessionRecord): void;
  drop(sessionId: string): void;
}

/** Sessions remembered, the latest used ones: an older one starts afresh with its history told. */
const MAX_SESSIONS = 1000;

const sessionsFile = z.object({
  sessions: z.record(z.string(), z.object({ acpSessionId: z.string(), contextMark: z.string().nullable() })),
});

/** Opens the file of one agent under `stateDir`; one that can't be read is begun anew. `report` is told what could not be written. */
export function openAcpSessions(stateDir: string, agentName: string, report: (line: string) => void): AcpSessions {
  const path = join(stateDir, `acp-${encodeURIComponent(agentName)}.json`);
  const sessions = new Map(Object.entries(readSessions(path, report)));

  const save = () => {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(`${path}.tmp`, JSON.stringify({ sessions: Object.fromEntries(sessions) }), { mode: 0o600 });
      renameSync(`${path}.tmp`, path);
    } catch (error) {
      // Only a restart will notice: its sessions begin anew.
      report(`the agent's sessions could not be kept: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return {
    find: (sessionId) => sessions.get(sessionId) ?? null,
    keep(sessionId, record) {
      const before = sessions.get(sessionId);
      sessions.delete(sessionId);
      sessions.set(sessionId, record);
      for (const oldest of sessions.keys()) {
        if (sessions.size <= MAX_SESSIONS) break;
        sessions.delete(oldest);
      }
      if (before?.acpSessionId !== record.acpSessionId || before.contextMark !== record.contextMark) save();
    },
    drop(sessionId) {
      if (sessions.delete(sessionId)) save();
    },
  };
}

/** A short text that differs for every context. */
export function contextMark(context: string): string {
  return createHash("sha256").update(context).digest("hex").slice(0, 16);
}

function readSessions(path: string, report: (line: string) => void): Readonly<Record<string, AcpSessionRecord>> {
  try {
    return sessionsFile.parse(JSON.parse(readFileSync(path, "utf8"))).sessions;
  } catch (error) {
    const isNew = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (!isNew) report(`${path} could not be read, so the agent's sessions begin anew`);
    return {};
  }
}
