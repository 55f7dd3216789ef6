import { z } from "zod";
import { timeZone, wholeNumber } from "./field.ts";

/** A person who waits longer for an answer to begin thinks that the bot is dead. */
const MAX_DEBOUNCE_MS = 60_000;
/** Beyond it, memory and the patience of whoever wrote last are gone. */
const MAX_PENDING = 10_000;
/** More agents at once than any one machine feeds. */
const MAX_CONCURRENT_TURNS = 1000;
/** A day: a turn that takes longer is a job. */
const MAX_TURN_SECONDS = 86_400;
/** An hour: whoever stops a daemon does not wait longer. */
const MAX_DRAIN_SECONDS = 3600;
/** A month: an older post surprises more than it helps. */
const MAX_OUTBOX_AGE_HOURS = 720;

/** Platforms refuse larger files than this, most of them far smaller ones. */
const MAX_ATTACHMENT_MB = 100;

/** Who shares a conversation, who may choose its agent, who names it, and in which time zone days begin. */
export const sessionsSection = z.object({
  groupSessionsPerUser: z
    .boolean()
    .default(true)
    .describe("Whether each person in a group or channel has a conversation of their own. Default true."),
  threadSessionsPerUser: z
    .boolean()
    .default(false)
    .describe("Whether each person in a thread has one too; needs groupSessionsPerUser. Default false."),
  choices: z
    .enum(["everyone", "admins", "off"])
    .default("admins")
    .describe("Who may choose the agent and the model of a conversation (/agent, /model). Default admins."),
  titles: z
    .enum(["agent", "text"])
    .default("agent")
    .describe(
      "Who names a conversation after its first exchange: agent (language models, by a short question of its own; " +
        "without one its first words), text (its first words). Default agent.",
    ),
  timeZone: timeZone().exactOptional().describe("IANA time zone of daily resets and jobs. Default the host's."),
});

/** What waits, how long, and how much runs at once. */
export const queueSection = z.object({
  mode: z
    .enum(["collect", "followup", "steer", "interrupt"])
    .default("collect")
    .describe(
      "What a message does that arrives while its conversation's turn runs: collect (all that wait become one turn), " +
        "followup (a turn each, in order), steer (told to the running turn), interrupt (ends it). Default collect.",
    ),
  debounceMs: wholeNumber(0, MAX_DEBOUNCE_MS)
    .default(0)
    .describe("How long a turn waits for more messages of the same person, in milliseconds. Default 0."),
  maxPending: wholeNumber(1, MAX_PENDING)
    .default(50)
    .describe("Most messages that wait in one conversation; after that the sender is told. Default 50."),
  maxConcurrentTurns: wholeNumber(1, MAX_CONCURRENT_TURNS)
    .default(16)
    .describe("Most turns that run at the same time. Default 16."),
});

/** How long things may take, and how large they may be. */
export const limitsSection = z.object({
  turnTimeoutSeconds: wholeNumber(1, MAX_TURN_SECONDS)
    .default(600)
    .describe("Longest turn of an agent, in seconds; then it is stopped. Default 600 (10 minutes)."),
  drainSeconds: wholeNumber(0, MAX_DRAIN_SECONDS)
    .default(30)
    .describe("How long a shutdown waits for running turns, in seconds; what is cut runs again at start. Default 30."),
  outboxMaxAgeHours: wholeNumber(1, MAX_OUTBOX_AGE_HOURS)
    .default(24)
    .describe("How long delivery of a post is tried, in hours; then it is a dead letter. Default 24."),
  maxAttachmentMb: wholeNumber(1, MAX_ATTACHMENT_MB)
    .default(20)
    .describe("Largest file that is taken from a chat, in megabytes; a larger one is left there. Default 20."),
  privateAddresses: z
    .enum(["deny", "allow"])
    .default("deny")
    .describe(
      "Whether files of messages may be fetched from private networks and this machine (deny, allow); the API addresses " +
        "configured for a platform always may be. Default deny.",
    ),
});

/** What is logged, and how it looks. */
export const logSection = z.object({
  level: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"])
    .default("info")
    .describe("The least important line that is written. Default info."),
  format: z
    .enum(["auto", "pretty", "json"])
    .default("auto")
    .describe("pretty for people, json for machines, auto: pretty on a terminal. Default auto."),
});

/** How messages wait, defaults filled. */
export type QueueConfig = Readonly<z.output<typeof queueSection>>;
/** How long things may take and how large they may be, defaults filled. */
export type LimitsConfig = Readonly<z.output<typeof limitsSection>>;
/** What is logged, defaults filled. */
export type LogConfig = Readonly<z.output<typeof logSection>>;
