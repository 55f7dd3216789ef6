import type { ApprovalQuestion, TurnRequest } from "../agent/backend.ts";
import type { Clock } from "../clock/clock.ts";
import type { InboundMessage } from "../message/message.ts";
import type { Events } from "../observe/events.ts";
import { askerOf } from "../schedule/job-asker.ts";
import type { JobDesk } from "../schedule/job-desk.ts";
import type { KeyOptions } from "../session/key.ts";
import { participantOf } from "../session/source.ts";
import { selectInbox } from "../store/inbox.ts";
import type { SessionStore } from "../store/store.ts";
import { type ActiveTurn, receivedOf } from "./active-turns.ts";
import { steeredText } from "./agent-text.ts";
import { agentTools, type SentElsewhere } from "./agent-tools.ts";
import { approvalSpeech } from "./approval-speech.ts";
import type { Approvals } from "./approvals.ts";
import { type AdapterOf, type Post, writePosts } from "./posts.ts";
import type { SessionQueue } from "./session-queue.ts";

/** What a running turn's agent may reach for: tools, its people's permission, what they say meanwhile. */
export type TurnReach = Pick<TurnRequest, "tools" | "askApproval" | "takeSteering">;

/** What that stands on. */
export interface ReachParts {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly events: Events;
  readonly queue: SessionQueue;
  readonly approvals: Approvals;
  readonly adapterOf: AdapterOf;
  readonly isAdmin: (message: InboundMessage) => boolean;
  readonly keys: KeyOptions;
  /** Whether messages that arrive while a turn of this key runs are told to its agent. */
  readonly steers: (key: string) => boolean;
  /** Where an agent's tools may send, and make jobs. */
  readonly desk: JobDesk;
  readonly onPosts: (posts: readonly Post[]) => void;
  /** Whether the agent is offered tools to remember by. */
  readonly remembers: boolean;
}

/** Opens the reach of one turn; what its tools send is gathered in `sends`. */
export function turnReach(parts: ReachParts, running: ActiveTurn, sends: SentElsewhere[]): TurnReach {
  const { store, clock, queue, desk, remembers } = parts;
  const { begun } = running;
  const onSend = (sent: SentElsewhere) => void sends.push(sent);
  // A tool may do what all of those may do whose messages the turn answers, also those who spoke while it ran.
  const isAdmin = () =>
    begun.messages.every(parts.isAdmin) && running.steered.every(({ message }) => parts.isAdmin(message));
  const told = () => [...begun.messages, ...running.steered.map(({ message }) => message)];
  const people = () => told().map(({ source }) => source);
  const askers = () => {
    const known = told().map((message) => askerOf(message, parts.isAdmin(message)));
    return known.some((asker) => asker === null) ? null : known.filter((asker) => asker !== null);
  };
  const nowMs = () => clock.nowMs();
  let tools: TurnReach["tools"] | null = null;
  return {
    // Made when asked for: many agents call none.
    get tools() {
      tools ??= agentTools({ store, turn: begun, isAdmin, desk, askers, people, remembers, nowMs, onSend });
      return tools;
    },
    // A job has nobody to ask.
    askApproval: async (question) => begun.message.job === undefined && (await askPeople(parts, running, question)),
    takeSteering() {
      // What people say meanwhile is not for a job, whose answer may go elsewhere.
      if (begun.message.job !== undefined || !parts.steers(begun.key)) return [];
      const rows = queue.takeJoining(begun.key).map(({ inboxId }) => selectInbox(store.reader, inboxId));
      const joined = receivedOf(rows);
      running.steered.push(...joined);
      return joined.map(({ message }) => steeredText(message, parts.keys));
    },
  };
}

function askPeople(parts: ReachParts, running: ActiveTurn, question: ApprovalQuestion): Promise<boolean> {
  const { store, clock, events, approvals } = parts;
  const { begun, stop } = running;
  const askedOf = begun.messages.map(({ source }) => participantOf(source) ?? "");
  return approvals.ask(begun.key, askedOf, question, stop.signal, (approval) => {
    const speech = approvalSpeech(begun, question, approval.id, clock.nowMs());
    store
      .write((tx) => writePosts(tx, parts.adapterOf, speech))
      .then(parts.onPosts)
      .catch((error: unknown) => {
        events.storeWriteFailed({ error });
        approvals.decide(approval.id, false);
      });
  });
}
