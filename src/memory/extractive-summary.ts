import { cleanText, cutText } from "../session/untrusted-text.ts";
import { fitSummary, MAX_ABSTRACT_LENGTH, summaryInputTokens } from "./fit-summary.ts";
import { quotedLine } from "./quote-as-data.ts";
import { salience } from "./salience.ts";
import { hideSecrets } from "./secrets.ts";
import type { LogLine, Summary, SummaryInput } from "./summary.ts";
import { cutToTokens, textTokens } from "./tokens.ts";

/** Longest quotation, in UTF-16 units: two or three sentences. */
const MAX_QUOTE_LENGTH = 280;
/** What is read of one line before it is cleaned and cut. */
const MAX_READ_LENGTH = 2000;
/** Most quotations from the middle: more would be the conversation itself. */
const MAX_QUOTES = 24;
/** A summary takes at most this part of what it stands for. */
const MAX_SHARE = 2 / 3;
/** What earlier archives may take of it. */
const EARLIER_SHARE = 1 / 3;
/** Fewer tokens are no room for another quotation. */
const MIN_ROOM = 8;

/**
 * A summary without a model: the first and the last turns in their own words, what stands out in between, and what earlier
 * archives said. What was decided, is open or is being worked on is not guessed. It is smaller than its input, and its overview is
 * empty when there is nothing to say.
 */
export function extractiveSummary(input: SummaryInput): Summary {
  const inputTokens = summaryInputTokens(input);
  const maxTokens = Math.floor(Math.min(input.maxTokens, inputTokens * MAX_SHARE));
  const spoken = input.lines.filter(
    ({ role, text }) => (role === "user" || role === "assistant") && text.trim() !== "",
  );
  const lines = spoken.length > 0 ? spoken : input.lines.filter(({ text }) => text.trim() !== "");
  const abstract = abstractOf(lines);
  const before = earlierText(input, Math.floor(maxTokens * EARLIER_SHARE));
  const room = maxTokens - textTokens(before) - textTokens(abstract);
  const overview = [before, ...quotations(lines, room, input.instructions)].filter((text) => text !== "").join("\n");
  const bare = { decisions: [], openLoops: [], constraints: [], activeTask: null };
  const summary = { ...bare, overview: overview === "" ? abstract : overview, abstract };
  return fitSummary(summary, Math.min(input.maxTokens, inputTokens - 1)) ?? { ...bare, overview: "", abstract: "" };
}

function earlierText({ earlier }: SummaryInput, maxTokens: number): string {
  // The latest has absorbed those before it; only a restart brings several, and then each has its part.
  const each = Math.floor(maxTokens / Math.max(1, earlier.length));
  return earlier
    .map(({ overview, abstract }) => cutToTokens(hideSecrets(overview === "" ? abstract : overview), each).trim())
    .filter((text) => text !== "")
    .join("\n");
}

function abstractOf(lines: readonly LogLine[]): string {
  const people = lines.filter(({ role }) => role === "user");
  const [first, last] = [people[0] ?? lines[0], lines.at(-1)];
  if (first === undefined || last === undefined) return "";
  if (first === last) return cutText(plain(first), MAX_ABSTRACT_LENGTH);
  const most = Math.floor((MAX_ABSTRACT_LENGTH - 3) / 2);
  return `${cutText(plain(first), most)} … ${cutText(plain(last), most)}`;
}

/** First who asked first and last, and what was answered; then what stands out, as long as there is room. In the order it was said. */
function quotations(lines: readonly LogLine[], maxTokens: number, instructions: string | null): readonly string[] {
  const people = lines.filter(({ role }) => role === "user");
  const [asked, askedLast] = [people[0], people.at(-1)];
  const answers = lines.filter(({ role }) => role === "assistant");
  const answer = answers.find(({ seq }) => asked === undefined || seq > asked.seq);
  const ends = [...new Set([asked ?? lines[0], askedLast, answers.at(-1), answer, lines.at(-1)])].filter(
    (line) => line !== undefined,
  );
  const scores = salience(
    lines.map((line) => line.text.slice(0, MAX_READ_LENGTH)),
    instructions ?? "",
  );
  const middle = lines
    .map((line, index) => ({ line, score: scores[index] ?? 0 }))
    .filter(({ line, score }) => score > 0 && !ends.includes(line))
    .sort((one, other) => other.score - one.score || one.line.seq - other.line.seq)
    .slice(0, MAX_QUOTES)
    .map(({ line }) => line);
  const chosen: { readonly seq: number; readonly text: string }[] = [];
  let room = maxTokens;
  for (const [index, line] of [...ends, ...middle].entries()) {
    if (room < MIN_ROOM) break;
    // A long first message must not be all that is quoted.
    const text = quoted(line, index < ends.length ? Math.max(MIN_ROOM, Math.ceil(room / 2)) : room);
    const tokens = textTokens(`${text}\n`);
    if (tokens > room) continue;
    chosen.push({ seq: line.seq, text });
    room -= tokens;
  }
  return chosen.sort((one, other) => one.seq - other.seq).map(({ text }) => text);
}

function quoted(line: LogLine, maxTokens: number): string {
  const label = `${line.role}: `;
  const whole = plain(line);
  const within = cutToTokens(whole, Math.max(1, maxTokens - textTokens(label) - 2));
  return `${label}${quotedLine(within === whole ? whole : `${within.trimEnd()}…`, MAX_QUOTE_LENGTH)}`;
}

function plain(line: LogLine): string {
  return cleanText(hideSecrets(line.text.slice(0, MAX_READ_LENGTH)));
}
