import { describeSource } from "../session/describe-source.ts";
import type { Session } from "../store/session.ts";
import type { TranscriptMessage } from "../store/transcript-line.ts";
import { type CliCall, type CliCommand, configOptions, type ExitCode, jsonOption } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { findSession } from "./find-session.ts";
import { withReader } from "./own-store.ts";
import { readCount } from "./read-count.ts";
import { counted, jsonText, timeColumn, visibleLines } from "./shown-text.ts";
import { renderFacts } from "./table.ts";

/** Lines of a transcript on one page: what the store reads at once. */
const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 20;

/** `parley sessions show`: a session and the end of its transcript. */
export const sessionsShowCommand: CliCommand = {
  name: "sessions show",
  operands: ["ID"],
  summary: "Show a session and the last lines of its transcript.",
  options: [
    { name: "limit", value: "N", summary: `At most so many lines, 1 to ${MAX_LIMIT}. Default ${DEFAULT_LIMIT}.` },
    { name: "before", value: "LINE", summary: "Only lines before this one." },
    jsonOption,
    ...configOptions,
  ],
  run,
};

async function run(call: CliCall): Promise<ExitCode> {
  const limit = readCount(call, "limit", [1, MAX_LIMIT], DEFAULT_LIMIT);
  const before = readCount(call, "before", [1, Number.MAX_SAFE_INTEGER], Number.MAX_SAFE_INTEGER);
  const { config } = await loadConfiguration(call);
  const { selectMessagesBefore } = await import("../store/messages.ts");
  return await withReader(config, async (reader): Promise<ExitCode> => {
    const session = await findSession(reader, call.operands[0] ?? "");
    const messages = selectMessagesBefore(reader, session.row, before, limit);
    const first = messages[0]?.seq ?? 1;
    const next = first > 1 ? first : null;
    if (call.flag("json")) {
      const { sessionJson } = await import("../console/session-json.ts");
      call.terminal.print(jsonText({ session: sessionJson(reader, session), messages, next }));
      return 0;
    }
    const { timeZone } = config.sessions;
    call.terminal.print(
      [factsOf(session, timeZone), ...messages.map((one) => messageText(one, timeZone))].join("\n\n"),
    );
    if (next !== null) call.terminal.complain(`Earlier lines: --before ${next}`);
    return 0;
  });
}

function factsOf(session: Session, timeZone: string): string {
  const { usage, source } = session;
  const ended = `ended ${timeColumn(session.endedAtMs, timeZone)} (${session.endReason})`;
  return renderFacts([
    ["Session", session.sessionId],
    ["Key", session.sessionKey],
    ["Where", `${source.platform}: ${describeSource(source)}`],
    ["Agent", session.agentId],
    ...(session.title === null ? [] : ([["Title", session.title]] as const)),
    ["State", session.live ? "live" : ended],
    ["Began", timeColumn(session.createdAtMs, timeZone)],
    ["Last active", timeColumn(session.lastActiveMs, timeZone)],
    ...(session.live ? ([["Next reset", timeColumn(session.nextResetAtMs, timeZone)]] as const) : []),
    ["Messages", String(session.messageCount)],
    ["Tokens", `${usage.inputTokens} in, ${usage.outputTokens} out`],
  ]);
}

function messageText({ seq, role, senderName, atMs, content }: TranscriptMessage, timeZone: string): string {
  const who = role === "user" && senderName !== null ? senderName : role;
  const head = `#${seq}  ${timeColumn(atMs, timeZone)}  ${visibleLines(who).replaceAll(/[\n\t]/g, " ")}`;
  // Indented, so that nothing in it can pass for the head of another message.
  const body = visibleLines(content)
    .split("\n")
    .map((line) => `    ${line}`.trimEnd());
  return content === "" ? `${head} (${counted(0, "character")})` : [head, ...body].join("\n");
}
