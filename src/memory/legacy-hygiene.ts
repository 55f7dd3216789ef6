import type { Bucket } from "./claims.ts";
import { anyCase, legacyLowerCase, legacyTrim, legacyTrimSet } from "./legacy-text.ts";

/** What an extraction says when nothing is worth remembering. */
const NOTHING = "NO_MEMORY_NEEDED";
const isNothing = /^no_memory_needed$/i;

/** One run of bullets or one number, whatever follows: it eats minus signs, decimals and opening asterisks too. */
const bullet = /^[\t\n\f\r ]*(?:[-*\u2022]+|[0-9]+[.)])[\t\n\f\r ]*/;
const spaces = /[\t\n\f\r ]+/g;

const transientPaths = [
  "/tmp/",
  "\\.tmp/",
  "/mnt/user-data/workspace",
  "/mnt/user-data/uploads",
  "/mnt/user-data/outputs",
];
const transientWords = [
  ["workspace_root", "artifact_root", "stdout", "stderr", "exit code", "trace id", "run id", "session id"],
  ["conversation id", "approval requested", "approval resolved", "pending approval", "tool call", "tool output"],
  ["audit trail", "stack trace", "debug log", "uploaded file", "uploaded files", "uploaded attachment"],
  ["attachment path", "screenshot attached", "temporary file", "temp file", "ephemeral upload", "system prompt"],
  ["prompt injection defense", "raw tool payload"],
].flat();
const transient = new RegExp(`${anyCase(transientPaths.join("|"))}|\\b(?:${anyCase(transientWords.join("|"))})\\b`);

const buckets: readonly (readonly [bucket: Bucket, signs: readonly string[]])[] = [
  ["preference", ["preference", "prefers", "likes", "wants", "expects", "default"]],
  ["project_fact", ["project", "repo", "working on", "codebase", "uses ", "builds "]],
];

/** What the Go session package would store of an extraction, byte for byte, its faults included. */
export function legacyHygiene(extracted: string): string {
  const content = legacyTrim(extracted);
  if (content === "" || isLegacyNothing(content)) return content;
  const kept = new Map<string, { readonly line: string; readonly bucket: Bucket }>();
  for (const raw of content.split("\n")) {
    const line = legacyLine(raw);
    if (line === "" || isLegacyNothing(line) || isLegacyTransient(line)) continue;
    const fingerprint = legacyFingerprint(line);
    if (fingerprint !== "" && !kept.has(fingerprint)) kept.set(fingerprint, { line, bucket: legacyBucket(line) });
  }
  const order: readonly Bucket[] = ["preference", "project_fact", "session_summary"];
  const lines = order.flatMap((wanted) => [...kept.values()].filter(({ bucket }) => bucket === wanted));
  return lines.length === 0 ? NOTHING : lines.map(({ line }) => `- ${line}`).join("\n");
}

/** What two lines had in common there when they counted as the same. */
export function legacyFingerprint(content: string): string {
  const bare = legacyTrimSet(legacyLowerCase(legacyLine(content)), " .,:;`\"'");
  return legacyTrim(bare.replace(spaces, " "));
}

/** Whether a line was dropped there as being about the moment. */
export function isLegacyTransient(line: string): boolean {
  return transient.test(line);
}

/** Whether an extraction, or a line of it, said that nothing was worth remembering. */
export function isLegacyNothing(line: string): boolean {
  return isNothing.test(line);
}

/** Where a line was sorted there: the first bucket with a sign in it. */
export function legacyBucket(line: string): Bucket {
  const lower = legacyLowerCase(legacyTrim(line));
  return buckets.find(([, signs]) => signs.some((sign) => lower.includes(sign)))?.[0] ?? "session_summary";
}

/** A line as it was stored there. */
export function legacyLine(raw: string): string {
  const line = legacyTrimSet(legacyTrim(raw), "`");
  return legacyTrim(line.replace(bullet, "").replace(spaces, " "));
}
