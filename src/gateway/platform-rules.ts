import type { InboundMessage } from "../message/message.ts";

/** How one bot of one platform is to be treated, as configured. */
export interface PlatformRules {
  /** Whether it answers only when it is addressed, outside direct messages. */
  readonly requireMention: boolean;
  /** Ids of chats in which no mention is needed. */
  readonly freeChats: ReadonlySet<string>;
  /** Whether slow answers appear as they grow. */
  readonly streams: boolean;
  /** What becomes of a post of which nobody can say whether it arrived: sent again once, or held for an operator. */
  readonly onAmbiguousSend: "resend" | "hold";
  /** Most posts a second; null for what the platform allows. */
  readonly maxPerSecond: number | null;
  /** Whether the agent sees hashes instead of people's ids, where the platform bears it. */
  readonly redactsPii: boolean;
  /** Who may speak; judged for every message, on ids alone. */
  readonly admit: (message: InboundMessage) => Admittance;
  /** Who decides about strangers: the platform's admins by user id, and where they are told when none of them has spoken with the bot. */
  readonly deciders: {
    readonly admins: readonly string[];
    readonly home: { readonly chatId: string; readonly threadId: string | null } | null;
  };
}

/** What may be said of a message's sender. */
export type Admittance =
  | { readonly kind: "admitted"; readonly isAdmin: boolean }
  /** Unknown: gets no answer, or (in a direct message, where the rules say so) a code to be let in with. */
  | { readonly kind: "stranger"; readonly mayPair: boolean };

/** The rules of platforms that nobody need be let into: the page, the terminal, an embedding program's own. */
export const openRules: PlatformRules = {
  requireMention: true,
  freeChats: new Set(),
  streams: true,
  onAmbiguousSend: "resend",
  maxPerSecond: null,
  redactsPii: false,
  admit: () => ({ kind: "admitted", isAdmin: true }),
  deciders: { admins: [], home: null },
};
