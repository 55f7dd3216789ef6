import { z } from "zod";
import type { JobDraft } from "../schedule/make-job.ts";
import { MAX_TARGETS } from "../schedule/make-job.ts";
import { readWeekday } from "../schedule/schedule-words.ts";

/** Longest text or target that is read; what a job may have is checked where jobs are made. */
const MAX_TEXT = 64 * 1024;

const text = z.string({ error: "expected a text" }).min(1, { error: "expected a text" }).max(MAX_TEXT);
const day = z.string().transform((name, ctx) => {
  const found = readWeekday(name);
  if (found !== null) return found;
  ctx.addIssue({ code: "custom", message: "expected a weekday, such as mon" });
  return z.NEVER;
});

/** A job as `POST /api/jobs` takes it: the fields of `jobs` in the configuration. */
export const jobBody = z
  .strictObject({
    name: text.exactOptional(),
    schedule: text,
    timeZone: text.exactOptional(),
    prompt: text.exactOptional(),
    text: text.exactOptional(),
    agent: text.default("main"),
    deliver: z.array(text).min(1).max(MAX_TARGETS).default(["local"]),
    session: z.enum(["fresh", "own"]).default("fresh"),
    catchUp: z.enum(["none", "last", "all"]).default("last"),
    overlap: z.enum(["skip", "queue"]).default("skip"),
    jitterSeconds: z.int().min(0).max(86_400).default(0),
    days: z.array(day).min(1).exactOptional(),
    endsAt: z.iso.datetime({ offset: true }).exactOptional(),
    maxRuns: z.int().min(1).max(1_000_000).exactOptional(),
    /** By which of an operator's ways it is made. */
    madeBy: z.enum(["cli", "http"]).default("http"),
  })
  .refine((body) => (body.prompt === undefined) !== (body.text === undefined), {
    error: "expected either prompt, for an agent, or text, to be delivered as it is",
  });

/** The job that a body wants: an operator's. */
export function draftOf(body: z.output<typeof jobBody>, timeZone: string): JobDraft {
  return {
    name: body.name ?? null,
    madeBy: body.madeBy,
    maker: null,
    origin: null,
    schedule: body.schedule,
    timeZone: body.timeZone ?? timeZone,
    text: body.prompt ?? body.text ?? "",
    agent: body.prompt === undefined ? null : body.agent,
    deliver: body.deliver,
    session: body.session,
    catchUp: body.catchUp,
    overlap: body.overlap,
    jitterMs: body.jitterSeconds * 1_000,
    days: body.days ?? null,
    endsAtMs: body.endsAt === undefined ? null : Date.parse(body.endsAt),
    maxRuns: body.maxRuns ?? null,
  };
}
