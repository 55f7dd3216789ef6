import type { JobRow } from "./jobs.ts";
import type { Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

const open = statement<{ after: number; limit: number }>()((db, p) =>
  db.selectFrom("jobs").selectAll().where("state", "<>", "done").where("id", ">", p.after).orderBy("id").limit(p.limit),
);
/** Jobs that are not done, in order of their making, a page at a time. */
export function selectOpenJobs(db: Reader, after: number, limit: number): JobRow[] {
  return db.all(open, { after, limit });
}
