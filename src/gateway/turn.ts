import type { AgentBackend, TurnRequest } from "../agent/backend.ts";
import type { Clock } from "../clock/clock.ts";
import type { Events } from "../observe/events.ts";
import { isSharedSession } from "../session/key.ts";
import { speakerPrefix } from "../session/speaker-prefix.ts";
import { selectMessagesBefore } from "../store/messages.ts";
import type { SessionStore } from "../store/store.ts";
import type { BegunTurn } from "./begin-turn.ts";
import { keepTyping } from "./keep-typing.ts";
import type { LiveFeed } from "./live-feed.ts";
import type { AdapterOf } from "./posts.ts";
import { type Answer, runAgent } from "./run-agent.ts";

/** What a turn needs of the gateway to run. */
export interface TurnRules {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly events: Events;
  readonly feed: LiveFeed;
  readonly adapterOf: AdapterOf;
  readonly agentOf: (agentId: string) => AgentBackend;
  /** What the agent is told about where it is. */
  readonly promptOf: (turn: BegunTurn) => string;
  readonly timeoutMs: number;
}

/** One turn between the transaction that began it and the one that ends it: asks the agent, shows that it works, tells how it went. */
export async function turn(rules: TurnRules, begun: BegunTurn, stop: AbortSignal): Promise<Answer> {
  const { clock, feed, events } = rules;
  const startedMs = clock.monotonicMs();
  const { source } = begun.message;
  const place = {
    platform: source.platform,
    account: source.account,
    chatId: source.chatId,
    threadId: source.threadId,
  };
  const named = {
    inboxId: begun.inboxId,
    sessionId: begun.session.sessionId,
    agent: begun.session.agentId,
    attempt: begun.attempt,
  };
  events.turnStarted(named);
  feed.publish({ kind: "turn_started", place, inboxId: begun.inboxId, sessionId: begun.session.sessionId });

  const typing = keepTyping(
    rules.adapterOf(place.platform, place.account),
    { chatId: place.chatId, threadId: place.threadId, messageId: begun.message.messageId },
    clock,
  );
  const answer = await runAgent(rules.agentOf(begun.session.agentId), requestOf(rules, begun), {
    clock,
    timeoutMs: rules.timeoutMs,
    stop,
    onDelta: (text) => feed.publish({ kind: "delta", place, inboxId: begun.inboxId, text }),
  });
  typing.stop();

  const durationMs = clock.monotonicMs() - startedMs;
  if (answer.failure === null) events.turnFinished({ ...named, durationMs });
  else {
    const { reason, detail } = answer.failure;
    events.turnFailed({ ...named, durationMs, reason, detail, willRetry: false });
  }
  return answer;
}

function requestOf(rules: TurnRules, begun: BegunTurn): TurnRequest {
  const isShared = isSharedSession(begun.message.source, rules.store.rules.keys);
  return {
    sessionId: begun.session.sessionId,
    sessionKey: begun.key,
    prompt: () => rules.promptOf(begun),
    message: { text: begun.agentText, attachments: [] },
    history: (limit) =>
      selectMessagesBefore(rules.store.reader, begun.session.row, begun.userSeq, limit).map((line) => ({
        role: line.role,
        text: isShared && line.role === "user" ? speakerPrefix(line.senderName) + line.content : line.content,
        atMs: line.atMs,
      })),
    attempt: begun.attempt,
    model: null,
    tools: [],
    askApproval: async () => false,
    takeSteering: () => [],
  };
}
