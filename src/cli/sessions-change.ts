import { z } from "zod";
import type { Config } from "../../config/config.ts";
import { systemClock } from "../clock/clock.ts";
import type { SessionStore } from "../store/store.ts";
import { type CliCall, type CliCommand, configOptions, type ExitCode } from "./cli-command.ts";
import { loadConfiguration, openCommandLog } from "./configuration.ts";
import { isConfirmed } from "./confirm.ts";
import { CommandFailure } from "./failure.ts";
import { findSession, findSessionOrKey } from "./find-session.ts";
import { withOwnStore, withReader } from "./own-store.ts";
import { bodyOf, clientOf, findDaemon } from "./running-daemon.ts";

/** `parley sessions reset`: ends a live session and starts its conversation afresh. */
export const sessionsResetCommand: CliCommand = {
  name: "sessions reset",
  operands: ["ID|KEY"],
  summary: "End a live session: its conversation starts afresh. It can be resumed.",
  options: configOptions,
  async run(call) {
    const { config } = await loadConfiguration(call);
    const session = await withReader(config, (reader) => findSessionOrKey(reader, call.operands[0] ?? ""));
    if (!session.live) {
      throw new CommandFailure(`${session.sessionId} has ended; its conversation has started afresh already.`);
    }
    const freshId = await change(call, config, {
      method: "POST",
      path: `/api/sessions/${session.sessionId}/reset`,
      offline: async (store) =>
        (await store.resetSession(session.sessionKey, "reset", systemClock.nowMs()))?.sessionId ?? null,
    });
    call.terminal.print(`${session.sessionId} has ended; ${freshId ?? "a new session"} is live.`);
    return 0;
  },
};

/** `parley sessions resume`: goes back to an earlier session. */
export const sessionsResumeCommand: CliCommand = {
  name: "sessions resume",
  operands: ["ID"],
  summary: "Reopen an earlier session of a conversation.",
  options: configOptions,
  async run(call) {
    const { config } = await loadConfiguration(call);
    const session = await withReader(config, (reader) => findSession(reader, call.operands[0] ?? ""));
    await change(call, config, {
      method: "POST",
      path: `/api/sessions/${session.sessionId}/resume`,
      async offline(store) {
        const outcome = await store.switchSession(session.sessionKey, session.sessionId, systemClock.nowMs());
        if (outcome !== "not_yours" && outcome !== "not_found") return null;
        throw new CommandFailure(`${session.sessionId} belongs to another conversation by now.`);
      },
    });
    call.terminal.print(`${session.sessionId} is live.`);
    return 0;
  },
};

/** `parley sessions delete`: erases what was said. */
export const sessionsDeleteCommand: CliCommand = {
  name: "sessions delete",
  operands: ["ID"],
  summary: "Erase a session and its transcript for good.",
  options: [
    { name: "forget", value: null, summary: "Erase what was learned in it, too, wherever it is remembered." },
    { name: "yes", value: null, summary: "Don't ask." },
    ...configOptions,
  ],
  run: erase,
};

async function erase(call: CliCall): Promise<ExitCode> {
  const { config } = await loadConfiguration(call);
  const session = await withReader(config, (reader) => findSession(reader, call.operands[0] ?? ""));
  const { sessionId, messageCount } = session;
  const forgets = call.flag("forget");
  const learned = forgets ? ", with all that was learned in it," : "";
  const question = `Delete ${sessionId} and its ${messageCount} messages${learned} for good?`;
  if (!(await isConfirmed(call, "sessions delete", question))) {
    call.terminal.complain("Nothing was deleted.");
    return 1;
  }
  await change(call, config, {
    method: "DELETE",
    path: `/api/sessions/${sessionId}${forgets ? "?forget=true" : ""}`,
    async offline(store) {
      const { forgetSource } = await import("../memory/forget-person.ts");
      if (forgets) await forgetSource(store, sessionId, systemClock.nowMs());
      await store.deleteSession(sessionId, systemClock.nowMs());
      return null;
    },
  });
  call.terminal.print(`${sessionId} is deleted.`);
  return 0;
}

const sessionBody = z.object({ sessionId: z.string() });

/** Has the running daemon change something, or does it under the lock when none runs; returns the id of the session that came of it. */
async function change(
  call: CliCall,
  config: Config,
  action: {
    readonly method: "POST" | "DELETE";
    readonly path: string;
    readonly offline: (store: SessionStore) => Promise<string | null>;
  },
): Promise<string | null> {
  const daemon = await findDaemon(config);
  if (daemon === null) return await withOwnStore(config, await openCommandLog(call, config, "stderr"), action.offline);
  const { method, path } = action;
  const body = method === "POST" ? { body: {} } : {};
  const answer = bodyOf(await clientOf(daemon, config).request(method, path, body));
  return sessionBody.safeParse(answer).data?.sessionId ?? null;
}
