import { z } from "zod";
import { isSchedule } from "./schedule-boundary.ts";
import type { ChatType } from "./source.ts";
import { isTimeZone } from "./wall-clock.ts";

/** When a conversation starts afresh: after silence, at an hour of the day, at whichever comes first, or never by itself. */
export interface ResetPolicy {
  readonly mode: "none" | "idle" | "daily" | "both";
  /** Silence after which it starts afresh, 1 to 525600. */
  readonly idleMinutes: number;
  /** Hour of the day, 0 to 23, in `timeZone`. */
  readonly atHour: number;
  /** IANA name of a time zone. */
  readonly timeZone: string;
  /** A cron pattern that takes the place of `atHour`: weekly, weekdays. */
  readonly schedule?: string;
  /** A daily reset waits until nobody has written for so long, 0 to 1440; 0 never waits. */
  readonly graceMinutes: number;
  /** Whether the person is told. */
  readonly notify: boolean;
}

/** Whole policies for every place; most specific first: platform, chat type, default. */
export interface ResetRules {
  readonly default: ResetPolicy;
  readonly byChatType: Readonly<Partial<Record<ChatType, ResetPolicy>>>;
  readonly byPlatform: Readonly<Record<string, ResetPolicy>>;
}

/** The policy of who configures nothing, but for the time zone, which is the host's. */
export const DEFAULT_RESET_POLICY: Omit<ResetPolicy, "timeZone"> = {
  mode: "both",
  idleMinutes: 1440,
  atHour: 4,
  graceMinutes: 15,
  notify: true,
};

const wholeNumber = (min: number, max: number) => {
  const error = `expected a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

const policyFields = z.object({
  mode: z.enum(["none", "idle", "daily", "both"]),
  idleMinutes: wholeNumber(1, 525_600),
  atHour: wholeNumber(0, 23),
  timeZone: z.string().refine(isTimeZone, 'expected the IANA name of a time zone, such as "Europe/Berlin"'),
  schedule: z
    .string()
    .refine(isSchedule, 'expected a cron pattern that comes true some day, such as "0 4 * * 1"')
    .exactOptional(),
  graceMinutes: wholeNumber(0, 1440),
  notify: z.boolean(),
});
const partFields = policyFields.partial();

/** Unknown data as a policy; zod's error names each wrong field and what it expects. */
export const resetPolicySchema: z.ZodType<ResetPolicy> = policyFields;

/** The default policy in a time zone. */
export function defaultResetPolicy(timeZone: string): ResetPolicy {
  return { ...DEFAULT_RESET_POLICY, timeZone };
}

/**
 * A whole policy from what differs from `base`; throws zod's error, which names the field, when it does not fit.
 * Who names an hour and no schedule means the hour: the base's schedule then no longer holds.
 */
export function completeResetPolicy(part: Partial<ResetPolicy>, base: ResetPolicy): ResetPolicy {
  const { schedule, ...rest } = base;
  const keepsSchedule = schedule !== undefined && part.atHour === undefined;
  const said = Object.entries(partFields.parse(part)).filter(([, value]) => value !== undefined);
  return { ...rest, ...(keepsSchedule ? { schedule } : {}), ...Object.fromEntries(said) };
}

/** The policy in force in one place: the platform's, else the chat type's, else the default; always one of them as a whole. */
export function resolveResetPolicy(rules: ResetRules, platform: string, chatType: string): ResetPolicy {
  return own(rules.byPlatform, platform) ?? own(rules.byChatType, chatType) ?? rules.default;
}

// A platform may be called `constructor`: what every object inherits is nobody's policy.
function own(policies: Readonly<Record<string, ResetPolicy | undefined>>, name: string): ResetPolicy | undefined {
  return Object.hasOwn(policies, name) ? policies[name] : undefined;
}
