import type { FieldFacts } from "./field.ts";
import type { Origin } from "./interpolate.ts";
import { isTree, type Path } from "./tree.ts";

/** The value at a path of the tree under judgement, in words. */
export type Shown = (path: Path) => string;

/** Longest part of a value that a message repeats, in UTF-16 units; enough to find it in the file. */
const MAX_SHOWN_LENGTH = 60;
/** How tokens of known makers begin; a beginning is public, and tells which token was pasted where. */
const KNOWN_PREFIXES = ["xoxb-", "xoxp-", "xoxa-", "xoxs-", "xapp-", "Bot ", "sk-"];

/** A wrong value in words, safe to print: never a secret, never what came from the environment, never a whole text. */
export function shownValue(value: unknown, facts: FieldFacts, origin: Origin | null): string {
  if (value === undefined || value === null) {
    return "nothing";
  }
  if (Array.isArray(value)) {
    return "a list";
  }
  if (isTree(value)) {
    return "a section";
  }
  const beginning = typeof value === "string" ? KNOWN_PREFIXES.find((prefix) => value.startsWith(prefix)) : undefined;
  if (beginning !== undefined) {
    return `"${beginning}…"${from(origin)}`;
  }
  if (facts.secret) {
    return `${secretKindOf(value)}${from(origin)}`;
  }
  if (origin !== null) {
    return `a ${typeof value === "string" ? "text" : typeof value}${from(origin)}`;
  }
  if (typeof value !== "string") {
    return typeof value === "number" ? String(value) : JSON.stringify(value);
  }
  if (looksLikeCredential(value)) {
    return "a text that looks like a secret (not shown)";
  }
  return JSON.stringify(value.length > MAX_SHOWN_LENGTH ? `${value.slice(0, MAX_SHOWN_LENGTH)}…` : value);
}

function secretKindOf(value: unknown): string {
  if (typeof value !== "string") {
    return `a ${typeof value}`;
  }
  if (value === "") {
    return "an empty text";
  }
  return /\s/.test(value) ? "a text with white space in it" : "a text of another form";
}

function from(origin: Origin | null): string {
  return origin === null ? "" : ` from ${origin.variables.map((name) => `$\{${name}}`).join(", ")}`;
}

/** A secret pasted into a field that is not secret: credentials in an address, a bot token, a long random text. */
function looksLikeCredential(value: string): boolean {
  return /:[^@]+@|\?.*=/s.test(value) || /\d{6,}:[\w-]{20,}/.test(value) || /[A-Za-z0-9_+=-]{24,}/.test(value);
}
