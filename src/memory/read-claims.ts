import { z } from "zod";
import { bucketOf } from "./bucket-of.ts";
import type { Claim } from "./claims.ts";
import { fingerprint } from "./fingerprint.ts";
import { MAX_MEMORY_LENGTH } from "./hygiene.ts";
import { aliasesOf } from "./prompts/people.ts";
import { readJsonAnswer } from "./read-json-answer.ts";
import type { LogLine } from "./summary.ts";

/** Most claims of one answer: what exceeds it was not worth an answer. */
export const MAX_CLAIMS = 50;
/** What a model that names none is trusted with: too little to be promoted by. */
const UNTOLD_CONFIDENCE = 0.5;

/** What is read of an answer that is a list, in UTF-16 units. */
const MAX_BULLETS_LENGTH = 20_000;

const claimShape = z.object({
  kind: z.enum(["new", "update", "reinforce", "forget"]).catch("new"),
  content: z.string().max(MAX_MEMORY_LENGTH).catch(""),
  bucket: z.enum(["preference", "project_fact", "session_summary"]).nullable().catch(null),
  about: z.enum(["user", "chat", "agent", "session"]).catch("session"),
  author: z.string().nullable().catch(null),
  confidence: z.coerce.number().min(0).max(1).catch(UNTOLD_CONFIDENCE),
  replaces: z.union([z.string(), z.number()]).nullable().catch(null),
});

/**
 * The claims in a model's answer to `extractionPrompt(lines, known)`; null when it is no answer to that. Nothing in it is
 * trusted: authors are only those who spoke, what it replaces is only what is known, and nothing counts as told explicitly.
 */
export function readClaims(
  answer: string,
  { lines, known }: { readonly lines: readonly LogLine[]; readonly known: readonly string[] },
): readonly Claim[] | null {
  const json = readJsonAnswer(answer);
  if (json === undefined && /\bno_memory_needed\b/i.test(answer)) return [];
  const list = json === undefined ? bulletList(answer, lines) : claimList(json);
  if (list === null) return null;
  const authors = new Map([...aliasesOf(lines)].map(([senderId, alias]) => [alias, senderId]));
  return list.slice(0, MAX_CLAIMS).flatMap((raw) => {
    const read = claimShape.safeParse(raw);
    return read.success ? claimOf(read.data, authors, known) : [];
  });
}

function claimList(json: unknown): readonly unknown[] | null {
  if (Array.isArray(json)) return json;
  if (typeof json !== "object" || json === null) return null;
  if ("claims" in json) return Array.isArray(json.claims) ? json.claims : null;
  return "content" in json ? [json] : null;
}

/** A model that can't be brought to JSON writes a list; null when it wrote none. What it is about is known only where one person spoke. */
function bulletList(answer: string, lines: readonly LogLine[]): readonly unknown[] | null {
  const about = aliasesOf(lines).size === 1 ? "user" : "session";
  const bullets = answer
    .slice(0, MAX_BULLETS_LENGTH)
    .split("\n")
    .filter((line) => /^\s*(?:[-*\u2022]|\d{1,2}[.)])\s+\S/.test(line));
  return bullets.length === 0 ? null : bullets.map((line) => ({ content: line.trim(), about }));
}

function claimOf(
  raw: z.infer<typeof claimShape>,
  authors: ReadonlyMap<string, string>,
  known: readonly string[],
): readonly Claim[] {
  const target = knownOf(raw.replaces, known);
  const alone = authors.size === 1 ? ([...authors.values()][0] ?? null) : null;
  const author = raw.author === null ? alone : (authors.get(raw.author.trim().toLowerCase()) ?? null);
  // What only points at something known needs no words of its own.
  const content =
    raw.content.trim() === "" && raw.kind !== "new" && raw.kind !== "update" ? (target ?? "") : raw.content;
  if (content.trim() === "") return [];
  return [
    {
      kind: raw.kind,
      content,
      bucket: raw.bucket ?? bucketOf(content),
      // What nobody said of themselves is about nobody.
      about: raw.about === "user" && author === null ? "session" : raw.about,
      author,
      confidence: raw.confidence,
      replaces: target === null ? null : fingerprint(target),
      isExplicit: false,
    },
  ];
}

/** What `k3`, 3 or a text of its own names among what is known. */
function knownOf(replaces: string | number | null, known: readonly string[]): string | null {
  if (replaces === null) return null;
  const number = /^\s*k?(\d{1,4})\s*$/i.exec(String(replaces))?.[1];
  if (number !== undefined) return known[Number(number) - 1] ?? null;
  const print = fingerprint(String(replaces));
  return known.find((text) => fingerprint(text) === print) ?? null;
}
