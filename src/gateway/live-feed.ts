import type { Attachment, Button } from "../message/message.ts";
import type { Lane, OutboxRow } from "../store/outbox.ts";

/** A conversation on a platform: where messages come from and posts go to. */
export type Place = Readonly<Lane>;

/** What watchers are told of a file; they fetch it by the number of its post. */
export type PostedFile = Pick<Attachment, "kind" | "mimeType" | "sizeBytes" | "name">;

/** What happens right now, for pages and terminals that watch. Nothing depends on it: whoever misses it reads the store. */
export type LiveEvent =
  /** A person's message was stored. */
  | {
      readonly kind: "message";
      readonly place: Place;
      readonly inboxId: number;
      readonly messageId: string;
      readonly userName: string | null;
      readonly text: string;
      readonly atMs: number;
      /** The names of the files that came with it: untrusted text. */
      readonly files: readonly string[];
    }
  /** An agent is at work. */
  | { readonly kind: "turn_started"; readonly place: Place; readonly inboxId: number; readonly sessionId: string }
  /** The answer grew by this much. */
  | { readonly kind: "delta"; readonly place: Place; readonly inboxId: number; readonly text: string }
  /** The agent does something besides writing; `summary` is one line for people, or empty. */
  | {
      readonly kind: "tool";
      readonly place: Place;
      readonly inboxId: number;
      readonly name: string;
      readonly phase: "started" | "finished" | "failed";
      readonly summary: string;
    }
  | {
      readonly kind: "turn_finished";
      readonly place: Place;
      readonly inboxId: number;
      readonly outcome: "done" | "failed";
    }
  /** A post was stored: whole, and the last word on what the deltas said. */
  | {
      readonly kind: "post";
      readonly place: Place;
      readonly outboxId: number;
      readonly inboxId: number | null;
      readonly postKind: OutboxRow["kind"];
      readonly text: string;
      readonly atMs: number;
      readonly file: PostedFile | null;
      readonly buttons: readonly Button[];
    }
  /** One of a post's buttons was pressed: they have done their work. */
  | { readonly kind: "pressed"; readonly place: Place; readonly outboxId: number }
  /** A session began, ended, or changed its title: lists that show it are out of date. */
  | { readonly kind: "session"; readonly sessionId: string }
  /** A job was made or changed, or one of its runs ended. */
  | { readonly kind: "job"; readonly jobName: string };

/** Tells everybody who watches; a watcher that throws is dropped. */
export interface LiveFeed {
  publish(event: LiveEvent): void;
  /** Returns what ends the subscription. */
  subscribe(watcher: (event: LiveEvent) => void): () => void;
  watchers(): number;
  /** What goes on in a place right now, as it was told: for who begins to watch in the middle of it. */
  underWay(isWanted: (place: Place) => boolean): readonly LiveEvent[];
}

/** Turns whose answers are remembered while they grow: far more than run at a time. */
const MAX_UNDER_WAY = 1_000;

/** A turn that runs: how it began, what it has said, and what it does besides. */
interface UnderWay {
  readonly started: Extract<LiveEvent, { kind: "turn_started" }>;
  text: string;
  tool: Extract<LiveEvent, { kind: "tool" }> | null;
}

/** Makes a feed nobody watches yet. */
export function liveFeed(): LiveFeed {
  const watchers = new Set<(event: LiveEvent) => void>();
  const turns = new Map<number, UnderWay>();
  const remember = (event: LiveEvent) => {
    if (event.kind === "turn_started" && turns.size < MAX_UNDER_WAY) {
      turns.set(event.inboxId, { started: event, text: "", tool: null });
    } else if (event.kind === "tool") {
      const turn = turns.get(event.inboxId);
      if (turn !== undefined) turn.tool = event.phase === "started" ? event : null;
    } else if (event.kind === "delta") {
      const turn = turns.get(event.inboxId);
      if (turn !== undefined) turn.text += event.text;
    } else if (event.kind === "turn_finished") turns.delete(event.inboxId);
  };
  return {
    publish(event) {
      remember(event);
      for (const watcher of watchers) {
        try {
          watcher(event);
        } catch {
          // A watcher is a connection to a page: one that cannot be written to has gone.
          watchers.delete(watcher);
        }
      }
    },
    subscribe(watcher) {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    watchers: () => watchers.size,
    underWay: (isWanted) =>
      [...turns.values()].flatMap(({ started, text, tool }): LiveEvent[] => {
        const { place, inboxId } = started;
        if (!isWanted(place)) return [];
        const said = text === "" ? [] : [{ kind: "delta", place, inboxId, text } as const];
        return [started, ...said, ...(tool === null ? [] : [tool])];
      }),
  };
}
