import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import {
  completeResetPolicy,
  DEFAULT_RESET_POLICY,
  defaultResetPolicy,
  type ResetPolicy,
  resetPolicySchema,
  resolveResetPolicy,
} from "../../src/session/reset-policy.ts";
import { readVectors } from "./vectors.ts";

interface VectorPolicy {
  readonly mode: ResetPolicy["mode"];
  readonly at_hour: number;
  readonly idle_minutes: number;
  readonly notify: boolean;
}
interface ResolutionCase {
  readonly default: VectorPolicy;
  readonly by_type: Readonly<Record<string, VectorPolicy>>;
  readonly by_platform: Readonly<Record<string, VectorPolicy>>;
  readonly platform: string | null;
  readonly session_type: string | null;
  readonly expected: VectorPolicy;
}

const base = defaultResetPolicy("UTC");

function policyOf({ mode, at_hour, idle_minutes, notify }: VectorPolicy): ResetPolicy {
  return { ...base, mode, atHour: at_hour, idleMinutes: idle_minutes, notify };
}

function policiesOf(policies: Readonly<Record<string, VectorPolicy>>): Readonly<Record<string, ResetPolicy>> {
  return Object.fromEntries(Object.entries(policies).map(([name, policy]) => [name, policyOf(policy)]));
}

test("the most specific policy is in force as a whole: platform, chat type, default", () => {
  const cases = readVectors<ResolutionCase>("policy_resolution");
  assert.equal(cases.length, 77);
  for (const vector of cases) {
    const rules = {
      default: policyOf(vector.default),
      byChatType: policiesOf(vector.by_type),
      byPlatform: policiesOf(vector.by_platform),
    };
    const found = resolveResetPolicy(rules, vector.platform ?? "", vector.session_type ?? "");
    assert.deepEqual(found, policyOf(vector.expected));
  }
});

test("what every object inherits is nobody's policy", () => {
  const rules = { default: base, byChatType: {}, byPlatform: {} };
  for (const name of ["constructor", "toString", "__proto__"]) {
    assert.equal(resolveResetPolicy(rules, name, name), base);
  }
});

test("the default policy is complete and valid", () => {
  assert.deepEqual(base, { ...DEFAULT_RESET_POLICY, timeZone: "UTC" });
  assert.deepEqual(resetPolicySchema.parse(base), base);
});

test("a partial policy is filled from its base", () => {
  const part = completeResetPolicy({ mode: "idle", idleMinutes: 5 }, base);
  assert.deepEqual(part, { ...base, mode: "idle", idleMinutes: 5 });
});

test("an hour without a schedule takes the place of the base's schedule", () => {
  const weekly = completeResetPolicy({ schedule: "0 4 * * 1" }, base);
  assert.equal(completeResetPolicy({ idleMinutes: 5 }, weekly).schedule, "0 4 * * 1");
  assert.equal("schedule" in completeResetPolicy({ atHour: 5 }, weekly), false);
  assert.equal(completeResetPolicy({ atHour: 5, schedule: "@daily" }, weekly).schedule, "@daily");
});

const wrong: readonly (readonly [field: keyof ResetPolicy, value: unknown, expected: RegExp])[] = [
  ["mode", "weekly", /"none"\|"idle"\|"daily"\|"both"/],
  ["idleMinutes", 0, /whole number from 1 to 525600/],
  ["idleMinutes", 525_601, /whole number from 1 to 525600/],
  ["idleMinutes", 1.5, /whole number from 1 to 525600/],
  ["idleMinutes", "60", /whole number from 1 to 525600/],
  ["atHour", 24, /whole number from 0 to 23/],
  ["atHour", -1, /whole number from 0 to 23/],
  ["graceMinutes", -1, /whole number from 0 to 1440/],
  ["graceMinutes", 1441, /whole number from 0 to 1440/],
  ["timeZone", "Mars/Olympus", /IANA name of a time zone/],
  ["timeZone", "", /IANA name of a time zone/],
  ["schedule", "0 4", /cron pattern/],
  ["schedule", "0 4 * * 8", /cron pattern/],
  ["schedule", "2026-01-01T00:00:00", /cron pattern/],
  ["schedule", "0 0 30 2 *", /cron pattern/],
  ["notify", "yes", /boolean/],
];

for (const [field, value, expected] of wrong) {
  test(`a policy's ${field} cannot be ${JSON.stringify(value)}`, () => {
    const { error } = resetPolicySchema.safeParse({ ...base, [field]: value });
    assert.ok(error instanceof z.ZodError);
    assert.deepEqual(error.issues[0]?.path, [field]);
    assert.match(error.issues[0]?.message ?? "", expected);
  });
}

test("the bounds themselves are allowed", () => {
  for (const policy of [
    { ...base, idleMinutes: 1, atHour: 0, graceMinutes: 0 },
    { ...base, idleMinutes: 525_600, atHour: 23, graceMinutes: 1440, schedule: "0 9 * * MON-FRI" },
  ]) {
    assert.deepEqual(resetPolicySchema.parse(policy), policy);
  }
});
