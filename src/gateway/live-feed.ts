import type { Lane, OutboxRow } from "../store/outbox.ts";

/** A conversation on a platform: where messages come from and posts go to. */
export type Place = Readonly<Lane>;

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
    }
  /** An agent is at work. */
  | { readonly kind: "turn_started"; readonly place: Place; readonly inboxId: number; readonly sessionId: string }
  /** The answer grew by this much. */
  | { readonly kind: "delta"; readonly place: Place; readonly inboxId: number; readonly text: string }
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
    }
  /** A session began, ended, or changed its title: lists that show it are out of date. */
  | { readonly kind: "session"; readonly sessionId: string };

/** Tells everybody who watches; a watcher that throws is dropped. */
export interface LiveFeed {
  publish(event: LiveEvent): void;
  /** Returns what ends the subscription. */
  subscribe(watcher: (event: LiveEvent) => void): () => void;
  watchers(): number;
}

/** Makes a feed nobody watches yet. */
export function liveFeed(): LiveFeed {
  const watchers = new Set<(event: LiveEvent) => void>();
  return {
    publish(event) {
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
  };
}
