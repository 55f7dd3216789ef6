import { type Context, Hono } from "hono";
import { z } from "zod";
import { operator } from "../access/decide-pairing.ts";
import type { Clock } from "../clock/clock.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { actOnJob, type JobAction } from "../schedule/act-on-job.ts";
import { type Job, jobOf } from "../schedule/job.ts";
import { makeJob } from "../schedule/make-job.ts";
import { tellDesk } from "../schedule/make-own-job.ts";
import { refusalOfPlaces } from "../schedule/places-to-ask.ts";
import { rehearseJob } from "../schedule/rehearse-job.ts";
import { selectJobOfName } from "../store/jobs.ts";
import { selectDoneJobOfName, selectDoneJobs, selectOpenJobs } from "../store/open-jobs.ts";
import { draftOf, jobBody } from "./job-body.ts";
import { jobJson, wholeJobJson } from "./job-json.ts";
import { countText, MAX_POSITION, readBody, readQuery } from "./read-request.ts";
import { RequestError } from "./request-error.ts";

/** Jobs on one page of the API: each costs a small look-up besides its row. */
const MAX_JOBS = 500;
const DEFAULT_JOBS = 100;

const listQuery = z.strictObject({
  limit: countText(1, MAX_JOBS).default(DEFAULT_JOBS),
  cursor: countText(1, MAX_POSITION).exactOptional(),
  /** `true`: those that are done instead, the last one first, on one page. */
  done: z.literal("true", { error: 'expected "true"' }).exactOptional(),
});

/** `/api/jobs`: what happens by the clock, and making and changing it, with an operator's rights. */
export function jobRoutes({ store, jobs: desk }: Pick<Gateway, "store" | "jobs">, clock: Clock): Hono {
  const routes = new Hono();
  const requireJob = (c: Context): Job => {
    const name = c.req.param("name") ?? "";
    const row = selectJobOfName(store.reader, name);
    if (row === null) throw noJob();
    return jobOf(row);
  };
  const change = async (c: Context, action: JobAction): Promise<Job> => {
    const { id } = requireJob(c);
    const changed = await store.write((tx) => actOnJob(tx, desk, id, action, operator.by, clock.nowMs()));
    if (changed.kind === "refused") throw new RequestError(409, "refused", changed.message);
    return changed.job;
  };

  routes.get("/api/jobs", (c) => {
    const { limit, cursor = 0, done } = readQuery(c, listQuery);
    const rows = done === undefined ? selectOpenJobs(store.reader, cursor, limit) : selectDoneJobs(store.reader, limit);
    const next = done !== undefined || rows.length < limit ? null : (rows.at(-1)?.id ?? null);
    return c.json({ jobs: rows.map((row) => jobJson(store.reader, jobOf(row))), next });
  });
  routes.post("/api/jobs", async (c) => {
    const draft = draftOf(await readBody(c, jobBody), desk.timeZone);
    const rules = { world: desk.world, isAdmin: true, hasAgent: desk.hasAgent };
    const refusal = await refusalOfPlaces(desk, draft, rules, clock.nowMs());
    if (refusal !== null) throw new RequestError(400, "invalid_job", refusal);
    const made = await store.write((tx) => tellDesk(tx, desk, makeJob(tx, draft, rules, clock.nowMs())));
    if (made.kind === "refused") throw new RequestError(400, "invalid_job", made.message);
    return c.json(wholeJobJson(store.reader, made.job, clock.nowMs()), 201);
  });
  routes.get("/api/jobs/:name", (c) => {
    const name = c.req.param("name");
    const row = selectJobOfName(store.reader, name) ?? selectDoneJobOfName(store.reader, name);
    if (row === null) throw noJob();
    return c.json(wholeJobJson(store.reader, jobOf(row), clock.nowMs()));
  });
  routes.get("/api/jobs/:name/dry-run", async (c) => c.json(await rehearseJob(requireJob(c), desk, clock.nowMs())));
  routes.delete("/api/jobs/:name", async (c) => {
    await change(c, "remove");
    return c.body(null, 204);
  });
  for (const action of ["run", "pause", "resume"] as const) {
    routes.post(`/api/jobs/:name/${action}`, async (c) => {
      const job = await change(c, action);
      return c.json(wholeJobJson(store.reader, job, clock.nowMs()));
    });
  }
  return routes;
}

function noJob(): RequestError {
  return new RequestError(404, "not_found", "There is no such job. GET /api/jobs lists what there is.");
}
