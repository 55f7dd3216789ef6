import { z } from "zod";
import { agentName, patternText, schedule, text, timeZone } from "./field.ts";

/** Most places one job reports to. */
const MAX_TARGETS = 50;

/** A prompt that runs by the clock. */
export const jobSection = z.object({
  name: patternText(
    /^[a-z0-9][a-z0-9_-]{0,63}$/,
    "1 to 64 lower-case letters, digits, - and _: it is also the name of a folder",
  ).describe("The job's name, once in the list; it also names the folder of its reports."),
  schedule: schedule("0 9 * * 1-5").describe("When it runs: a cron expression, in timeZone."),
  timeZone: timeZone().exactOptional().describe("IANA time zone of the schedule. Default sessions.timeZone."),
  prompt: text().describe("What the agent is told."),
  agent: agentName().default("main").describe("Name of an agent under agents. Default main."),
  deliver: z
    .array(
      patternText(
        /^[a-z][a-z0-9_]*(:[^\s:]+(:[^\s:]+)?)?$/,
        "local, a platform (its home channel), platform:chatId or platform:chatId:threadId",
      ),
    )
    .min(1)
    .max(MAX_TARGETS)
    .default(["local"])
    .describe("Where the answer goes; local keeps it as a file only. Default [local]."),
});

/** The parsed section, before its time zone is filled. */
export type JobSection = z.output<typeof jobSection>;
