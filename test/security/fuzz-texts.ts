import assert from "node:assert/strict";
import fc from "fast-check";
import { readAccessEntry } from "../../src/access/entry.ts";
import { isBackupPath } from "../../src/backup/manifest.ts";
import { visibleLines } from "../../src/cli/shown-text.ts";
import { readCommand } from "../../src/command/read-command.ts";
import { displayName } from "../../src/media/display-name.ts";
import { isMediaPath } from "../../src/media/media-path.ts";
import { readClaims } from "../../src/memory/read-claims.ts";
import { readSummary } from "../../src/memory/read-summary.ts";
import { hideSecrets } from "../../src/memory/secrets.ts";
import { freeName, isJobName } from "../../src/schedule/job-name.ts";
import { nextDue } from "../../src/schedule/next-due.ts";
import { readLeadingSchedule, readSchedule } from "../../src/schedule/read-schedule.ts";
import { formatDeliveryTarget, parseDeliveryTarget } from "../../src/session/delivery-target.ts";
import { readSessionKey, SessionKeyError } from "../../src/session/key.ts";
import { readSessionId } from "../../src/session/session-id.ts";
import { SourceRecordError, sourceFromJson } from "../../src/session/source-json.ts";
import { cleanText, untrustedText } from "../../src/session/untrusted-text.ts";
import { type FuzzTarget, fuzzTarget, unless } from "./fuzz-target.ts";
import { mutated, oddJson, oddLongText, oddText } from "./odd-text.ts";

const NOW_MS = Date.UTC(2026, 0, 15, 12);
const context = { timeZone: "Europe/Berlin", nowMs: NOW_MS };
/** Half of a schedule that means something, so that what follows is reached. */
const scheduleWords = fc
  .array(
    fc.constantFrom(
      "every",
      "in",
      "at",
      "on",
      "tomorrow",
      "weekday",
      "monday",
      "9",
      "9:30",
      "24:61",
      "2h",
      "20m",
      "0",
      "*",
      "*/5",
      "1-5",
      "L",
      "#",
      "day",
      "and",
      ",",
      "2026-02-30T10:00",
      "until",
      "for",
      "-1",
      "99999999999",
    ),
    { maxLength: 7 },
  )
  .map((words) => words.join(" "));
const schedules = fc.oneof(scheduleWords, oddLongText);
const record = { platform: "telegram", chat_id: "1", chat_type: "dm", user_id: "2", thread_id: null };

/** What people type, models answer and files are called. */
export const textTargets: readonly FuzzTarget[] = [
  fuzzTarget(
    "commands",
    oddLongText.map((text) => `/${text}`),
    (text) => {
      const read = readCommand(text);
      if (read !== null) assert.match(read.name, /^[a-z0-9_-]+$/);
    },
  ),
  fuzzTarget("delivery targets", oddLongText, (text) => {
    const target = parseDeliveryTarget(text, null);
    if (target.kind !== "invalid") assert.deepEqual(parseDeliveryTarget(formatDeliveryTarget(target), null), target);
  }),
  fuzzTarget("session keys", oddLongText, (text) => {
    unless(() => assert.equal(readSessionKey(text), text), SessionKeyError);
  }),
  fuzzTarget("session ids as file names", oddText, (text) => {
    const id = readSessionId(text);
    if (id !== null) assert.match(id, /^[\d_a-f]{24}$/);
  }),
  fuzzTarget("sources", fc.oneof(oddJson, mutated([record])), (value) => {
    unless(() => sourceFromJson(value), SourceRecordError);
  }),
  fuzzTarget("access entries", oddLongText, (text) => void readAccessEntry(text)),
  fuzzTarget("schedules", schedules, (text) => {
    const read = readSchedule(text, context);
    if (read.kind !== "read") return;
    nextDue({ schedule: read.schedule, timeZone: context.timeZone, days: null, endsAtMs: null, jitterMs: 0 }, NOW_MS);
  }),
  fuzzTarget("schedules before a text", schedules, (text) => void readLeadingSchedule(text, context)),
  fuzzTarget("names of jobs and paths in archives", oddText, (text) => {
    const name = freeName(text, () => false);
    assert.ok(isJobName(name) && isBackupPath(`jobs/${name}/20260115T120000Z.md`), name);
    if (isBackupPath(text)) assert.doesNotMatch(text, /\.\.|^\/|[\\\0:]/);
    if (isJobName(text)) assert.doesNotMatch(text, /[^a-z0-9_-]/);
    if (isMediaPath(text)) assert.match(text, /^[^\0]*$/);
  }),
  fuzzTarget("names of files", oddLongText, (name) => {
    const shown = displayName(name, { kind: "file", mimeType: "application/pdf" });
    assert.ok(shown.length <= 120 && shown !== "" && !/^\.{1,2}$/.test(shown), JSON.stringify(shown));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    assert.doesNotMatch(shown, /[/\\\u0000-\u001f\u202a-\u202e\u2066-\u2069]/);
  }),
  fuzzTarget("names in prompts and on terminals", oddLongText, (text) => {
    assert.equal(JSON.parse(untrustedText(text)).includes("\n"), false);
    assert.equal(cleanText(cleanText(text)), cleanText(text));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    assert.doesNotMatch(visibleLines(text), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e]/);
  }),
  fuzzTarget("secrets in memory", oddLongText, (text) => void hideSecrets(text)),
  fuzzTarget(
    "claims of a model",
    fc.oneof(
      oddLongText,
      oddJson.map((json) => JSON.stringify(json) ?? ""),
    ),
    (text) => {
      readClaims(text, { lines: [], known: [] });
    },
  ),
  fuzzTarget(
    "summaries of a model",
    fc.oneof(
      oddLongText,
      oddJson.map((json) => JSON.stringify(json) ?? ""),
    ),
    (text) => {
      readSummary(text);
    },
  ),
];
