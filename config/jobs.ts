import { z } from "zod";
import { isJobName } from "../src/schedule/job-name.ts";
import { readSchedule } from "../src/schedule/read-schedule.ts";
import { weekdayName } from "../src/schedule/schedule-words.ts";
import { agentName, fieldFacts, patternText, text, timeZone, wholeNumber } from "./field.ts";

/** Most places one job reports to. */
const MAX_TARGETS = 50;
/** A day, in seconds. */
const MAX_JITTER_SECONDS = 86_400;
/** Read only to be checked: any moment and zone will do. */
const SOME_TIME = { timeZone: "UTC", nowMs: 0 };

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7].map((day) => weekdayName(day).slice(0, 3).toLowerCase());

/** A prompt, or a text, that is delivered by the clock. */
export const jobSection = z.object({
  name: z
    .string()
    .refine(isJobName)
    .register(fieldFacts, {
      expected: "1 to 64 lower-case letters, digits, - and _: it is also the name of a folder",
    })
    .describe("The job's name, once in the list; it also names the folder of its reports."),
  schedule: text()
    .refine(isRepeatable)
    .register(fieldFacts, {
      expected:
        'a cron expression that comes true some day, such as "0 9 * * 1-5", an interval ("every 2h", "every weekday at 9:30") or a time ("2027-03-01T10:00")',
    })
    .describe("When it runs: a cron expression, an interval or a time, in timeZone."),
  timeZone: timeZone().exactOptional().describe("IANA time zone of the schedule. Default sessions.timeZone."),
  prompt: text().exactOptional().describe("What the agent is told; either this or text. Default none."),
  text: text()
    .exactOptional()
    .describe("What is delivered as it is, without an agent; either this or prompt. Default none."),
  agent: agentName().default("main").describe("Name of an agent under agents, for a prompt. Default main."),
  deliver: z
    .array(
      patternText(
        /^[a-z][a-z0-9_]*(@[a-z][a-z0-9_-]*)?(:[^\s:]+(:\S+)?)?$/,
        "local, a platform (its home channel), platform:chatId or platform:chatId:threadId, a bot's name after @",
      ),
    )
    .min(1)
    .max(MAX_TARGETS)
    .default(["local"])
    .describe("Where the answer goes; local keeps it as a file only. Default [local]."),
  session: z
    .enum(["fresh", "own"])
    .default("fresh")
    .describe("A session for each run, or one of the job's own that goes on. Default fresh."),
  catchUp: z
    .enum(["none", "last", "all"])
    .default("last")
    .describe(
      "What becomes of times that passed while nothing ran: left out, the last one made up for if it is not older than a day, or all (the newest 24). Default last.",
    ),
  overlap: z
    .enum(["skip", "queue"])
    .default("skip")
    .describe("What becomes of a time that comes while the run before is not over. Default skip."),
  jitterSeconds: wholeNumber(0, MAX_JITTER_SECONDS)
    .default(0)
    .describe("Each run is put off by up to so many seconds, always the same for the same time. Default 0."),
  days: z
    .array(z.enum(WEEKDAYS))
    .min(1)
    .exactOptional()
    .describe("The weekdays on which it may run (mon, tue, wed, thu, fri, sat, sun). Default all."),
  endsAt: z.iso
    .datetime({ offset: true })
    .register(fieldFacts, { expected: 'a time with an offset, such as "2027-03-01T10:00:00Z"' })
    .exactOptional()
    .describe("It does not run after this. Default never."),
  maxRuns: wholeNumber(1, 1_000_000).exactOptional().describe("How often it runs in all. Default no limit."),
});

/** The parsed section, before its time zone is filled. */
export type JobSection = z.output<typeof jobSection>;

/** What `in 20m` means in a file depends on when it is read. */
function isRepeatable(schedule: string): boolean {
  const read = readSchedule(schedule, SOME_TIME);
  const isFixed = /^\s*\d{4}-/.test(schedule);
  // A date is checked where the time is known: here any is ahead of 1970, and some too far.
  if (isFixed) return read.kind === "read" || /five years/.test(read.message);
  return read.kind === "read" && read.schedule.kind !== "at";
}
