import type { AgentBackend } from "../agent/backend.ts";
import type { Clock } from "../clock/clock.ts";
import { inTime } from "../clock/in-time.ts";
import type { Events } from "../observe/events.ts";
import { suggestedTitle } from "../session/suggested-title.ts";
import { titleInstructions, titleText } from "../session/title-prompt.ts";
import { selectMessagesAfter } from "../store/messages.ts";
import { recordUsageAside } from "../store/record-usage.ts";
import { selectSessionRow, updateMissingTitle } from "../store/sessions.ts";
import type { SessionStore } from "../store/store.ts";
import type { TurnSession } from "./begun-turn.ts";
import type { LiveFeed } from "./live-feed.ts";

/** Lets agents name the conversations that nobody has named. */
export interface Titles {
  /** A turn of this session was answered and is on disk; `userSeq` is the line of its message. */
  answered(session: TurnSession, userSeq: number): void;
  /** Gives up what is under way. */
  stop(): Promise<void>;
}

/** Titles that are asked for at the same time: turns, which people wait for, have the provider's limits to themselves. */
const MAX_AT_ONCE = 2;
/** Longest wait for one; nobody sits before it. */
const TIMEOUT_MS = 30_000;
/** The last line of a person after which a title is asked for: when it failed twice, the text's title will do. */
const LAST_SEQ = 5;
/** Of the answer: six words, and room for models that think before they write. */
const MAX_OUTPUT_TOKENS = 1_000;

/**
 * After the first exchange of a session its agent is asked for a title, beside everything else. What fails, is cut by the end of
 * the process, or finds no room is asked for again after the next exchange, up to the third; until then, and where an agent can't,
 * the title is made of the text. One that a person has given stays.
 */
export function openTitles(parts: {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly events: Events;
  readonly feed: LiveFeed;
  readonly agentOf: (agentId: string) => AgentBackend;
}): Titles {
  const { store, clock, events, feed } = parts;
  const stopping = new AbortController();
  const running = new Map<number, Promise<void>>();

  const give = async ({ row, sessionId }: TurnSession, agent: AgentBackend): Promise<void> => {
    const text = firstExchange(store, row);
    if (text === null) return;
    const request = { instructions: titleInstructions, text, maxOutputTokens: MAX_OUTPUT_TOKENS };
    const given = await inTime((signal) => agent.complete?.(request, signal), clock, TIMEOUT_MS, stopping.signal);
    const title = given === null ? null : suggestedTitle(given.text);
    if (title === null) {
      const detail = given?.failure?.detail ?? (given === null ? "it took too long" : "its answer has no words");
      events.titleFailed({ sessionId, agent: agent.name, detail });
    }
    if (given === null || (title === null && given.usage === null)) return;
    const isNamed = await store.write((tx) => {
      if (given.usage !== null) recordUsageAside(tx, row, given.usage);
      return title !== null && updateMissingTitle(tx, row, title);
    });
    if (isNamed) feed.publish({ kind: "session", sessionId });
  };

  return {
    answered(session, userSeq) {
      const { row, sessionId } = session;
      if (userSeq > LAST_SEQ || running.size >= MAX_AT_ONCE || running.has(row) || stopping.signal.aborted) return;
      const agent = parts.agentOf(session.answeredBy ?? session.agentId);
      if (agent.complete === undefined || selectSessionRow(store.reader, row)?.title !== null) return;
      const run = give(session, agent)
        .catch((error: unknown) => {
          const detail = error instanceof Error ? error.message : String(error);
          events.titleFailed({ sessionId, agent: agent.name, detail });
        })
        .finally(() => running.delete(row));
      running.set(row, run);
    },
    async stop() {
      stopping.abort();
      await Promise.allSettled(running.values());
    },
  };
}

/** The first words of each side; null where one of them has not spoken. */
function firstExchange(store: SessionStore, row: number): string | null {
  const lines = selectMessagesAfter(store.reader, row, 0, LAST_SEQ + 1);
  const person = lines.find(({ role }) => role === "user")?.content;
  const assistant = lines.find(({ role }) => role === "assistant")?.content;
  return person === undefined || assistant === undefined ? null : titleText({ person, assistant });
}
