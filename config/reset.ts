import { z } from "zod";
import { platformName, schedule, timeZone, wholeNumber } from "./field.ts";

/** A year; for longer silences there is mode none. */
const MAX_IDLE_MINUTES = 525_600;
/** A day: a daily reset that waits longer would be skipped. */
const MAX_GRACE_MINUTES = 1440;

/** Some fields of a reset policy; the others come from the policy it is laid over. */
export const resetPolicyPart = z.object({
  mode: z
    .enum(["none", "idle", "daily", "both"])
    .exactOptional()
    .describe(
      "What starts a conversation afresh: none, idle (silence), daily (an hour of the day), both. Default both.",
    ),
  idleMinutes: wholeNumber(1, MAX_IDLE_MINUTES)
    .exactOptional()
    .describe("Silence after which it starts afresh, in minutes, up to a year. Default 1440."),
  atHour: wholeNumber(0, 23)
    .exactOptional()
    .describe("Hour of the day at which it starts afresh, 0 to 23, in timeZone. Default 4."),
  timeZone: timeZone().exactOptional().describe("IANA time zone of atHour and schedule. Default sessions.timeZone."),
  schedule: schedule("0 4 * * 1")
    .exactOptional()
    .describe("Cron expression that takes the place of atHour: weekly, weekdays. Default none."),
  graceMinutes: wholeNumber(0, MAX_GRACE_MINUTES)
    .exactOptional()
    .describe("A daily reset waits until nobody has written for so many minutes; 0 never waits. Default 15."),
  notify: z
    .boolean()
    .exactOptional()
    .describe("Whether the person is told, once, that the conversation started afresh. Default true."),
});

/** When conversations start afresh; most specific first: platform, chat type, default. */
export const resetSection = z.object({
  default: resetPolicyPart.prefault({}).describe("The policy where nothing more specific is said."),
  byChatType: z
    .object({
      dm: resetPolicyPart.exactOptional().describe("Direct messages."),
      group: resetPolicyPart.exactOptional().describe("Groups."),
      channel: resetPolicyPart.exactOptional().describe("Channels."),
      thread: resetPolicyPart.exactOptional().describe("Threads and topics."),
    })
    .prefault({})
    .describe("What differs from the default, by kind of chat. Default nothing."),
  byPlatform: z
    .record(platformName(), resetPolicyPart)
    .default({})
    .describe("What differs from the default, by platform; wins over byChatType. Default nothing."),
});

/** The parsed section, before its policies are completed. */
export type ResetSection = z.output<typeof resetSection>;
/** Some fields of a policy, parsed. */
export type ResetPart = z.output<typeof resetPolicyPart>;
