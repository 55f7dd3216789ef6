/** What came of a commit. Where it is not ok nothing has changed, and all lines are in the window. */
export type CommitResult =
  | {
      readonly ok: true;
      readonly jobId: number;
      readonly archiveId: string;
      /** The archived lines, both ends included. */
      readonly from: number;
      readonly to: number;
      /** Estimated tokens of these lines, and of what stands for them. */
      readonly tokensBefore: number;
      readonly tokensAfter: number;
      /** Lines that stay in the window, and those that left it. */
      readonly preserved: number;
      readonly removed: number;
      readonly durationMs: number;
      /** What people are shown of it: at most 100 characters. */
      readonly summary: string;
      /** Made by quoting, because no model answered or none was asked. */
      readonly isExtractive: boolean;
    }
  | {
      readonly ok: false;
      readonly reason: "empty" | "in_progress" | "token_invalid" | "stale" | "summarizer_failed" | "store_failed";
      /** The job that failed, where there was one; a `store_failed` one is tried again by itself. */
      readonly jobId: number | null;
      readonly error: string | null;
    };
