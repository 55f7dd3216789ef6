import { z } from "zod";
import type { AgentTool } from "../agent/backend.ts";
import type { JobAsker } from "../schedule/job-asker.ts";
import type { JobDesk } from "../schedule/job-desk.ts";
import { resolveTargets } from "../session/resolve-targets.ts";
import type { SessionSource } from "../session/source.ts";
import { selectMessagesBefore } from "../store/messages.ts";
import type { Lane } from "../store/outbox.ts";
import { selectResumable } from "../store/sessions.ts";
import type { SessionStore } from "../store/store.ts";
import type { BegunTurn } from "./begun-turn.ts";
import { jobTools } from "./job-tools.ts";
import { memoryTools } from "./memory-tools.ts";
import { inputOf, tool } from "./tool.ts";

/** Something a turn says in another place; it is written with the turn's end, or not at all. */
export interface SentElsewhere {
  readonly place: Lane;
  readonly text: string;
}

/** What the tools of one turn stand on. */
export interface ToolScope {
  readonly store: SessionStore;
  readonly turn: BegunTurn;
  /** True when everybody whose message the turn answers by now may run admin commands: a tool may do what all of them may. */
  readonly isAdmin: () => boolean;
  /** Where things can be sent, and jobs are made. */
  readonly desk: JobDesk;
  /** Everybody whose message the turn answers by now; null when somebody among them is unknown. */
  readonly askers: () => readonly JobAsker[] | null;
  /** Where everybody wrote whose message the turn answers by now. */
  readonly people: () => readonly SessionSource[];
  /** Whether it may remember. */
  readonly remembers: boolean;
  readonly nowMs: () => number;
  readonly onSend: (sent: SentElsewhere) => void;
}

/** Most messages one turn may send elsewhere. */
const MAX_SENDS = 10;
/** Earlier sessions of the conversation that are searched. */
const MAX_SESSIONS = 20;
const MAX_LINES = 50;
/** Longest line that a tool shows, in UTF-16 units. */
const MAX_SHOWN = 1_000;

const searchInput = inputOf(
  z.object({ query: z.string().min(1).max(500), limit: z.int().min(1).max(MAX_LINES).default(10) }),
);
const readInput = inputOf(
  z.object({ before: z.int().min(1).optional(), limit: z.int().min(1).max(MAX_LINES).default(20) }),
);
const sendInput = inputOf(z.object({ target: z.string().min(1).max(600), text: z.string().min(1).max(20_000) }));

/** The tools Parley offers in a turn: they never reach further than the people who asked. */
export function agentTools(scope: ToolScope): readonly AgentTool[] {
  return [
    searchHistory(scope),
    readHistory(scope),
    sendMessage(scope),
    ...jobTools(scope),
    ...(scope.remembers ? memoryTools(scope) : []),
  ];
}

function searchHistory({ store, turn }: ToolScope): AgentTool {
  return tool(
    "search_history",
    "Searches what was said in this conversation before, earlier sessions of it included, newest first.",
    searchInput,
    async ({ query, limit }) => {
      const earlier = selectResumable(store.reader, turn.key, MAX_SESSIONS).map(({ session_id }) => session_id);
      const found = await Promise.all(
        [turn.session.sessionId, ...earlier].map((sessionId) => store.search(query, { sessionId, limit })),
      );
      const hits = found.flat();
      if (hits.length === 0) return "Nothing was found.";
      const newest = hits.sort((one, other) => other.cursor - one.cursor).slice(0, limit);
      return newest.map(({ message, snippet }) => `${timeOf(message.atMs)} ${message.role}: ${snippet}`).join("\n");
    },
  );
}

function readHistory({ store, turn }: ToolScope): AgentTool {
  return tool(
    "read_history",
    "Reads lines of this session before the line numbered `before` (the newest when left out), oldest first, each with its number.",
    readInput,
    ({ before, limit }) => {
      const lines = selectMessagesBefore(store.reader, turn.session.row, before ?? turn.userSeq, limit);
      if (lines.length === 0) return "There are no lines before that.";
      return lines
        .map(({ seq, atMs, role, content }) => `${seq} ${timeOf(atMs)} ${role}: ${content.slice(0, MAX_SHOWN)}`)
        .join("\n");
    },
  );
}

function sendMessage(scope: ToolScope): AgentTool {
  const { message } = scope.turn;
  const origin = message.job === undefined ? message.source : (message.job.origin?.source ?? null);
  let sent = 0;
  return tool(
    "send_message",
    "Says something in a place besides the answer, once this turn ends: `origin` (here), `<platform>` (its home channel) or `<platform>[@<bot>]:<chat_id>[:<thread_id>]`.",
    sendInput,
    async ({ target, text }) => {
      const { targets, problems } = resolveTargets([target], origin, scope.desk.world);
      const [found] = targets;
      if (found === undefined) return `Not sent: ${problems.join(" ")}`;
      if (found.kind === "local") return "Not sent: there is nobody to read it there.";
      const { place } = found;
      // A thread of the same chat may have fewer people in it.
      const isOpenHere = place.threadId === null || place.threadId === origin?.threadId;
      const isSameChat =
        place.platform === origin?.platform && place.chatId === origin.chatId && place.account === origin.account;
      const isHere = isSameChat && isOpenHere;
      if (!isHere && !scope.isAdmin()) return "Not sent: whoever asked may not have messages sent to other places.";
      if (sent >= MAX_SENDS) return `Not sent: at most ${MAX_SENDS} messages a turn.`;
      sent += 1;
      const [refusal] = isSameChat ? [] : (await scope.desk.refusedPlaces([found])).values();
      if (refusal !== undefined) return `Not sent: ${refusal}`;
      scope.onSend({ place, text });
      return "It will be sent when this turn ends.";
    },
  );
}

function timeOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 16);
}
