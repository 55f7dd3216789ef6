import type { SentFile } from "./read-call.ts";

/** A button under a post. */
export interface PostedButton {
  readonly text: string;
  readonly callback_data: string;
  readonly style?: string;
}

/** A message of the bot. */
export interface Post {
  /** `sendMessage`, `sendPhoto`, … */
  readonly method: string;
  readonly messageId: number;
  readonly chatId: string;
  readonly threadId: string | null;
  readonly replyTo: number | null;
  readonly file: SentFile | null;
  /** What people read now, edits included; the caption where there is a file. */
  text: string;
  /** The text with its markup, as it was sent last; null when it was sent plain. */
  html: string | null;
  /** The rows of buttons there are now. */
  buttons: readonly (readonly PostedButton[])[];
}

/** A change of a post. */
export interface Edit {
  readonly chatId: string;
  readonly messageId: number;
  readonly text: string;
  readonly html: string | null;
}

/** An answer shown while it grows. */
export interface Draft {
  readonly chatId: string;
  readonly threadId: string | null;
  readonly draftId: number;
  readonly text: string;
}

/** A sign of life. */
export interface ShownAction {
  readonly chatId: string;
  readonly threadId: string | null;
  readonly action: string;
}

/** An acknowledged button. */
export interface CallbackAnswer {
  readonly callbackId: string;
  readonly text: string | null;
}

/** Where updates are sent. */
export interface Webhook {
  readonly url: string;
  readonly secret: string | null;
  readonly allowedUpdates: readonly string[];
}

/** What the bot has done so far, in order; grows while the server runs. */
export interface Records {
  readonly posts: Post[];
  readonly edits: Edit[];
  readonly drafts: Draft[];
  readonly actions: ShownAction[];
  readonly callbackAnswers: CallbackAnswer[];
  /** The menu that was published last. */
  commands: readonly { readonly command: string; readonly description: string }[];
  webhook: Webhook | null;
  /** Why Telegram did not reach the webhook last, and when, in seconds since 1970; null when it did. */
  webhookTrouble: { readonly message: string; readonly atSeconds: number } | null;
}

/** Nothing done. */
export function emptyRecords(): Records {
  return {
    posts: [],
    edits: [],
    drafts: [],
    actions: [],
    callbackAnswers: [],
    commands: [],
    webhook: null,
    webhookTrouble: null,
  };
}
