import { selectArchivesToRedo } from "../store/archives.ts";
import { selectDueJobs, selectNextLifecycleDue } from "../store/lifecycle-dues.ts";
import { selectJob, takeJob } from "../store/lifecycle-jobs.ts";
import { runCommit } from "./commit-session.ts";
import { LEASE_MS, type Lifecycle } from "./lifecycle.ts";
import { recoverLifecycle } from "./recover-lifecycle.ts";
import { redoSummary } from "./redo-summary.ts";
import { runRefresh } from "./refresh-session.ts";

const BATCH = 20;

/**
 * Does what is due: jobs whose lease ran out or whose attempt failed, one after the other, and summaries that were made without a model.
 * Where sessions have models of their own, `of` gives what each (by its row) is worked on with.
 */
export async function runLifecycleJobs(
  lifecycle: Lifecycle,
  signal?: AbortSignal,
  of: (session: number) => Lifecycle = () => lifecycle,
): Promise<number> {
  const { store, clock, owner } = lifecycle;
  await recoverLifecycle(lifecycle);
  let count = 0;
  for (const { id, kind } of selectDueJobs(store.reader, clock.nowMs(), BATCH)) {
    if (signal?.aborted === true) return count;
    const job = await store.write((tx) =>
      takeJob(tx, { id, owner, leaseUntilMs: clock.nowMs() + LEASE_MS }) ? selectJob(tx, id) : null,
    );
    if (job === null) continue;
    count += 1;
    if (kind === "commit") await runCommit(of(job.session), job, signal);
    else await runRefresh(of(job.session), job, signal);
  }
  for (const archive of selectArchivesToRedo(store.reader, clock.nowMs(), BATCH)) {
    if (signal?.aborted === true) return count;
    if (await redoSummary(of(archive.session), archive, signal)) count += 1;
  }
  return count;
}

/** When `runLifecycleJobs` has something to do next, milliseconds since 1970 UTC; null while there is nothing. */
export function nextLifecycleDue({ store }: Pick<Lifecycle, "store">): number | null {
  return selectNextLifecycleDue(store.reader, -1);
}
