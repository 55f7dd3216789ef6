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

const newest = statement<{ name: string }>()((db, p) =>
  db
    .selectFrom("jobs")
    .selectAll()
    .where("name", "=", p.name)
    .where("state", "=", "done")
    .orderBy("id", "desc")
    .limit(1),
);
/** The last job of a name that is done, or null. */
export function selectDoneJobOfName(db: Reader, name: string): JobRow | null {
  return db.get(newest, { name });
}

const over = statement<{ limit: number }>()((db, p) =>
  db.selectFrom("jobs").selectAll().where("state", "=", "done").orderBy("changed_at_ms", "desc").limit(p.limit),
);
/** Jobs that are done, the last one first. */
export function selectDoneJobs(db: Reader, limit: number): JobRow[] {
  return db.all(over, { limit });
}
