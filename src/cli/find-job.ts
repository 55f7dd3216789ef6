import type { Job } from "../schedule/job.ts";
import type { Reader } from "../store/sqlite.ts";
import { CommandFailure } from "./failure.ts";

/** The job of a name, a done one when there is no other; throws when there never was one, or not for long. */
export async function findJob(reader: Reader, name: string): Promise<Job> {
  const { jobOf } = await import("../schedule/job.ts");
  const { selectJobOfName } = await import("../store/jobs.ts");
  const { selectDoneJobOfName } = await import("../store/open-jobs.ts");
  const row = selectJobOfName(reader, name) ?? selectDoneJobOfName(reader, name);
  if (row !== null) return jobOf(row);
  throw new CommandFailure(`there is no job "${name}". parley jobs list shows what there is.`);
}
