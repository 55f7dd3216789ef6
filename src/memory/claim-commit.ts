import type { Strategy } from "../store/archive.ts";
import { newArchiveId } from "../store/copy-lifecycle.ts";
import { insertJob, type LifecycleJob, selectJob, selectOpenJob } from "../store/lifecycle-jobs.ts";
import { selectSession } from "../store/sessions.ts";
import type { Tx } from "../store/writer.ts";
import { DEFAULT_TAIL, type Tail } from "./claim-range.ts";
import { LEASE_MS } from "./lifecycle.ts";
import { consumeToken } from "./prepare-compaction.ts";
import { nextRange, prefixRange } from "./window-lines.ts";

/** Why, how and how much is to be archived. */
export interface CommitRequest {
  /** Why it is done, in a word, for people who look at jobs: `hard`, `command`, `overflow`, `end`, … */
  readonly reason: string;
  /** `summarize` when left out. */
  readonly strategy?: Strategy;
  /** What a person wants the summary to look at. */
  readonly instructions?: string;
  /** From `prepareCompaction`. */
  readonly token?: string;
  /** Exactly these lines, which have to be the beginning of the window. */
  readonly seqs?: readonly number[];
  /** What stays in the window: 5 messages with 2 turns of people when left out. */
  readonly tail?: Tail;
}

/** A commit that has begun, or why none does; nothing is changed then, but for a token that was tried. */
export type CommitClaim =
  | { readonly kind: "claimed"; readonly job: LifecycleJob }
  | { readonly kind: "refused"; readonly reason: "empty" | "in_progress" | "token_invalid" | "stale" };

/** Takes the oldest lines of a session's window for an archive, whose id is fixed here: nobody else commits this session until the job ends. */
export function claimCommit(
  tx: Tx,
  sessionId: string,
  request: CommitRequest,
  by: { readonly owner: string; readonly nowMs: number },
): CommitClaim {
  const refused = (reason: Extract<CommitClaim, { kind: "refused" }>["reason"]) =>
    ({ kind: "refused", reason }) as const;
  const session = selectSession(tx, sessionId);
  if (session === null || session.end_reason === "delete") return refused("empty");
  if (request.token !== undefined && !consumeToken(tx, session, request.token, by.nowMs))
    return refused("token_invalid");
  if (selectOpenJob(tx, session.id, "commit") !== null) return refused("in_progress");
  const { seqs } = request;
  if (seqs?.length === 0) return refused("empty");
  const range =
    seqs === undefined ? nextRange(tx, session, request.tail ?? DEFAULT_TAIL) : prefixRange(tx, session, seqs);
  if (range === null) return refused(seqs === undefined ? "empty" : "stale");
  const id = insertJob(tx, {
    session: session.id,
    kind: "commit",
    archiveId: newArchiveId(),
    fromSeq: range.fromSeq,
    toSeq: range.toSeq,
    reason: request.reason,
    instructions: request.instructions ?? null,
    strategy: request.strategy ?? "summarize",
    owner: by.owner,
    leaseUntilMs: by.nowMs + LEASE_MS,
    createdAtMs: by.nowMs,
  });
  const job = selectJob(tx, id);
  if (job === null) throw new RangeError(`lifecycle job ${id} is gone`);
  return { kind: "claimed", job };
}
