import type { AgentBackend, TurnRequest } from "../agent/backend.ts";
import type { Clock } from "../clock/clock.ts";
import type { Events } from "../observe/events.ts";
import { isSharedSession } from "../session/key.ts";
import { selectMessagesBefore } from "../store/messages.ts";
import type { SessionStore } from "../store/store.ts";
import type { ActiveTurn } from "./active-turns.ts";
import { agentText } from "./agent-text.ts";
import { type BegunTurn, turnName } from "./begun-turn.ts";
import type { Delivery } from "./deliver.ts";
import type { FinishedTurn } from "./finish-turn.ts";
import { type GrowingAnswer, growAnswer } from "./growing-answer.ts";
import { keepTyping } from "./keep-typing.ts";
import type { LiveFeed } from "./live-feed.ts";
import type { MemoryWork, TurnMemory } from "./memory-work.ts";
import type { Pace } from "./pace.ts";
import type { PlatformRules } from "./platform-rules.ts";
import { postedAnswer } from "./posted-answer.ts";
import type { AdapterOf } from "./posts.ts";
import { runAgent } from "./run-agent.ts";
import { fetchTurnFiles, keepFile, type MediaRules, type TurnFiles } from "./turn-files.ts";
import type { TurnReach } from "./turn-reach.ts";

/** What a turn needs of the gateway to run. */
export interface TurnRules {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly events: Events;
  readonly feed: LiveFeed;
  readonly delivery: Delivery;
  readonly pace: Pace;
  readonly adapterOf: AdapterOf;
  readonly rulesOf: (platform: string, account: string) => PlatformRules;
  readonly agentOf: (agentId: string) => AgentBackend;
  /** What the agent is told about where it is. */
  readonly promptOf: (turn: BegunTurn) => string;
  /** Null: agents are shown plain history. */
  readonly memory: MemoryWork | null;
  readonly media: MediaRules;
  readonly timeoutMs: number;
}

/** An answer, and what of it is shown already. */
type Shown = Pick<FinishedTurn, "answer" | "grown">;

/** One turn between the transaction that began it and the one that ends it: asks the agent, shows that it works, tells how it went. */
export async function turn(rules: TurnRules, active: ActiveTurn, reach: TurnReach): Promise<Shown> {
  const { clock, feed, events } = rules;
  const { begun } = active;
  const stop = active.stop.signal;
  const startedMs = clock.monotonicMs();
  const { source } = begun.message;
  const place = {
    platform: source.platform,
    account: source.account,
    chatId: source.chatId,
    threadId: source.threadId,
  };
  const named = turnName(begun);
  events.turnStarted(named);
  feed.publish({ kind: "turn_started", place, inboxId: begun.inboxId, sessionId: begun.session.sessionId });

  // What a job says is delivered when all of it is there, and perhaps elsewhere.
  const isJob = begun.message.job !== undefined;
  const adapter = isJob ? undefined : rules.adapterOf(place.platform, place.account);
  const typing = keepTyping(
    adapter,
    { chatId: place.chatId, threadId: place.threadId, messageId: begun.message.messageId },
    clock,
  );
  const growing = growingAnswer(rules, begun);
  const files = begun.attachments.length === 0 ? null : await fetchTurnFiles(begun, adapter, rules.media, clock, stop);
  const memory = rules.memory?.turn(begun) ?? null;
  let hasActed = false;
  let hasCalled = false;
  const request = requestOf(rules, begun, files, reach, memory);
  const options: AskOptions = {
    clock,
    timeoutMs: rules.timeoutMs,
    stop,
    onDelta: (delta, text) => {
      hasActed = true;
      if (!isJob) feed.publish({ kind: "delta", place, inboxId: begun.inboxId, text: delta });
      growing?.show(text);
    },
    onTool: ({ name, phase, summary }) => {
      hasActed = true;
      hasCalled = true;
      feed.publish({ kind: "tool", place, inboxId: begun.inboxId, name, phase, summary: summary ?? "" });
      growing?.note(phase === "started" ? summary || name : null);
    },
    keepFile: (file) => keepFile(file, rules.media, clock.nowMs()),
  };
  const agent = rules.agentOf(named.agent);
  let given = await runAgent(agent, request, options);
  // An agent that can't have its context shortened while it works is asked again with less.
  const isTooLong = given.failure?.reason === "too_long" && !hasActed && !stop.aborted;
  if (isTooLong && (await memory?.shorten()) != null) given = await runAgent(agent, request, options);
  memory?.answered(given.failure === null && !hasCalled ? given.usage : null);
  const answer = {
    ...given,
    ...(await postedAnswer(given, adapter, (name, text) =>
      keepFile({ kind: "file", name, mimeType: "text/markdown", data: Buffer.from(text) }, rules.media, clock.nowMs()),
    )),
  };
  const grown = growing === null ? [] : await growing.end();
  typing.stop();

  const durationMs = clock.monotonicMs() - startedMs;
  if (answer.failure === null) events.turnFinished({ ...named, durationMs });
  else {
    const { reason, detail } = answer.failure;
    events.turnFailed({ ...named, durationMs, reason, detail, willRetry: false });
  }
  return { answer, grown };
}

type AskOptions = Parameters<typeof runAgent>[2];

/** Shows the answer as it grows, where the operator wants it, and that it takes long, where the platform can change its posts. */
function growingAnswer(rules: TurnRules, begun: BegunTurn): GrowingAnswer | null {
  const { platform, account } = begun.message.source;
  if (begun.message.job !== undefined) return null;
  const adapter = rules.adapterOf(platform, account);
  if (adapter?.edit === undefined && adapter?.draft === undefined) return null;
  // What an earlier attempt has begun to show is shown on.
  const streams = rules.rulesOf(platform, account).streams || begun.firstOutboxId !== null;
  return growAnswer(rules, adapter, begun, { streams });
}

function requestOf(
  rules: TurnRules,
  begun: BegunTurn,
  files: TurnFiles | null,
  reach: TurnReach,
  memory: TurnMemory | null,
): TurnRequest {
  const isShared = isSharedSession(begun.message.source, rules.store.rules.keys);
  const note = files === null || files.note === "" ? "" : `\n${files.note}`;
  const history = (limit: number) =>
    selectMessagesBefore(rules.store.reader, begun.session.row, begun.userSeq, limit).map((line) => ({
      role: line.role,
      text: line.role === "user" ? agentText(line, isShared) : line.content,
      atMs: line.atMs,
    }));
  return {
    sessionId: begun.session.sessionId,
    sessionKey: begun.key,
    prompt: () => rules.promptOf(begun),
    message: { text: begun.agentText + note, attachments: files?.attachments ?? [] },
    // Lines are numbered without gaps.
    isFirst: begun.userSeq === 1,
    history,
    context: memory?.context ?? (async ({ messages }) => ({ earlier: "", remembered: "", lines: history(messages) })),
    shorten: memory?.shorten ?? (async () => null),
    attempt: begun.attempt,
    model: begun.session.model,
    get tools() {
      return reach.tools;
    },
    askApproval: reach.askApproval,
    takeSteering: reach.takeSteering,
  };
}
