import type { ControlEffect, SessionChange } from "../command/command.ts";
import type { AttachmentReference, InboundMessage } from "../message/message.ts";
import type { Session } from "../store/session.ts";
import type { Post } from "./posts.ts";

/** What a turn needs to know of its session. */
export type TurnSession = Pick<
  Session,
  "row" | "sessionId" | "agentId" | "source" | "answeredBy" | "model" | "messageCount" | "nextResetAtMs"
>;

/** A turn whose rows are claimed and whose messages are in the transcript: the agent can be asked. */
export interface BegunTurn {
  readonly kind: "agent";
  /** The last of its rows: the one it is known by. */
  readonly inboxId: number;
  /** All of its rows, in order of arrival. */
  readonly inboxIds: readonly number[];
  readonly attempt: number;
  readonly key: string;
  readonly session: TurnSession;
  /** The last of its messages: where the answer goes. */
  readonly message: InboundMessage;
  /** All of its messages, in order of arrival. */
  readonly messages: readonly InboundMessage[];
  /** The line of its first message: what came before it is history. */
  readonly userSeq: number;
  /** What the agent reads: every message, in shared sessions with `[name] ` before it. */
  readonly agentText: string;
  /** What came with the messages, by row. */
  readonly attachments: readonly { readonly inboxId: number; readonly references: readonly AttachmentReference[] }[];
  /** The first post an earlier attempt had begun to show its answer in; null when there is none. */
  readonly firstOutboxId: number | null;
  /** Posts written at the beginning: a notice, a command's reply. */
  readonly posts: readonly Post[];
  readonly changes: readonly SessionChange[];
  /** What a command did to its conversation; null for nothing. */
  readonly effect: ControlEffect | null;
}

/** How logs and metrics name a turn. */
export function turnName({ inboxId, session, attempt }: BegunTurn) {
  return { inboxId, sessionId: session.sessionId, agent: session.answeredBy ?? session.agentId, attempt };
}

/** What became of a row that was to begin. */
export type Begun =
  | BegunTurn
  /** Its agent answered at once, and it is done. */
  | { readonly kind: "finished"; readonly turn: BegunTurn; readonly text: string; readonly posts: readonly Post[] }
  /** It was a command and is done. */
  | {
      readonly kind: "answered";
      readonly inboxId: number;
      readonly key: string;
      readonly sessionId: string | null;
      readonly posts: readonly Post[];
      readonly changes: readonly SessionChange[];
      readonly effect: ControlEffect | null;
    }
  /** It was begun too often and is a dead letter now. */
  | { readonly kind: "dead"; readonly inboxId: number; readonly attempts: number; readonly posts: readonly Post[] }
  /** It was finished already. */
  | { readonly kind: "gone" };
