/** A post of the bot, as it went through. */
export interface FakePost {
  readonly id: string;
  readonly channelId: string;
  /** As it stands now: edits change it. */
  content: string;
  readonly nonce: string | null;
  readonly replyTo: string | null;
  readonly files: readonly { readonly name: string; readonly type: string; readonly bytes: Uint8Array }[];
  components: readonly unknown[];
  /** The body as it came. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The interaction it answers; null for others. */
  readonly interactionId: string | null;
  /** Whether only the sender of that interaction sees it. */
  readonly isPrivate: boolean;
}

/** What was done about an interaction. */
export interface FakeCallback {
  readonly interactionId: string;
  readonly type: number;
  readonly data: unknown;
  readonly atMs: number;
}

/** All that the bot did, in order. */
export interface Deeds {
  readonly posts: FakePost[];
  readonly edits: { readonly messageId: string; readonly content: string }[];
  readonly callbacks: FakeCallback[];
  /** What was said beside it, to the person alone. */
  readonly followups: { readonly interactionId: string; readonly content: string; readonly isPrivate: boolean }[];
  readonly typing: string[];
  /** `METHOD /path` of each call, without the version; the latest 10,000. */
  readonly calls: string[];
  commands: readonly unknown[];
}
