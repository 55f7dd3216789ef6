import { z } from "zod";
import { cleanText, cutText } from "../session/untrusted-text.ts";
import { fingerprint } from "./fingerprint.ts";
import { MAX_ABSTRACT_LENGTH } from "./fit-summary.ts";
import { readJsonAnswer } from "./read-json-answer.ts";
import { hideSecrets } from "./secrets.ts";
import type { Summary } from "./summary.ts";

/** Longest overview, in UTF-16 units; the tokens it may have are asked after. */
const MAX_OVERVIEW_LENGTH = 40_000;
const MAX_ENTRY_LENGTH = 300;
/** Entries of one list: who has more open loops than this needs another tool. */
const MAX_ENTRIES = 20;
/** Shorter prose is an excuse, not a summary. */
const MIN_PROSE_LENGTH = 40;

const text = z.string().catch("");
const entries = z.preprocess((value) => (typeof value === "string" ? [value] : value), z.array(z.unknown())).catch([]);
const answerShape = z.object({
  overview: text,
  abstract: text,
  decisions: entries,
  openLoops: entries,
  constraints: entries,
  activeTask: z.string().nullable().catch(null),
});

/** The summary in a model's answer, bounded, cleaned and without secrets; prose is an overview. Null when there is none. */
export function readSummary(answer: string): Summary | null {
  const json = readJsonAnswer(answer);
  if (json === undefined) {
    const prose = overviewOf(answer.replace(/^```\w*\s*|```\s*$/g, ""));
    return prose.length < MIN_PROSE_LENGTH || /^[{[]/.test(prose)
      ? null
      : {
          overview: prose,
          abstract: abstractOf(prose),
          decisions: [],
          openLoops: [],
          constraints: [],
          activeTask: null,
        };
  }
  const read = answerShape.safeParse(withCamelCase(json));
  if (!read.success) return null;
  const overview = overviewOf(read.data.overview);
  if (overview === "") return null;
  const task = entryOf(read.data.activeTask);
  return {
    overview,
    abstract: abstractOf(read.data.abstract === "" ? overview : read.data.abstract),
    decisions: listOf(read.data.decisions),
    openLoops: listOf(read.data.openLoops),
    constraints: listOf(read.data.constraints),
    activeTask: /^(?:none|null|n\/a|nothing|-)?$/i.test(task) ? null : task,
  };
}

/** `open_loops` is `openLoops`: models change their mind about it. */
function withCamelCase(json: unknown): unknown {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

function overviewOf(raw: string): string {
  const lines = hideSecrets(raw.slice(0, MAX_OVERVIEW_LENGTH)).split("\n").map(cleanText);
  return lines.filter((line) => line !== "").join("\n");
}

function abstractOf(raw: string): string {
  return cutText(cleanText(hideSecrets(raw.slice(0, MAX_OVERVIEW_LENGTH))), MAX_ABSTRACT_LENGTH);
}

function listOf(raw: readonly unknown[]): readonly string[] {
  const byFingerprint = new Map<string, string>();
  for (const one of raw.slice(0, MAX_ENTRIES)) {
    const entry = entryOf(one);
    const print = fingerprint(entry);
    if (print !== "" && !byFingerprint.has(print)) byFingerprint.set(print, entry);
  }
  return [...byFingerprint.values()];
}

function entryOf(raw: unknown): string {
  return typeof raw === "string"
    ? cutText(cleanText(hideSecrets(raw.slice(0, MAX_ENTRY_LENGTH * 4))), MAX_ENTRY_LENGTH)
    : "";
}
