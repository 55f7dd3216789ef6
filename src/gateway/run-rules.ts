import type { Attachment, JobOrigin } from "../message/message.ts";
import type { RunEnd } from "../schedule/end-run.ts";
import type { TargetWorld } from "../session/resolve-targets.ts";
import type { SessionRules } from "../store/resolve-session.ts";
import type { Tx } from "../store/writer.ts";
import type { AdapterOf, Post } from "./posts.ts";

/** What runs of jobs need of the gateway, from the row that begins one to what it delivers. */
export interface RunRules {
  readonly sessions: SessionRules;
  readonly adapterOf: AdapterOf;
  readonly world: TargetWorld;
  /** Whether a job made so may have things delivered anywhere, now; null for an operator's. */
  readonly isAdmin: (origin: JobOrigin | null) => boolean;
  /** Stores a text as a file, at once. */
  readonly keepFile: (name: string, mimeType: string, text: string) => Attachment;
  /** The folder of reports (`local`), absolute. */
  readonly folder: string;
  /** Told of each run that ended, once that is on disk. */
  readonly onEnded: (end: RunEnd, ran: { readonly durationMs: number; readonly error: string | null }) => void;
  /** Writes to whoever made a job that it was paused; the posts are the caller's to send. */
  readonly tellPaused: (tx: Tx, end: RunEnd, nowMs: number) => readonly Post[];
}
