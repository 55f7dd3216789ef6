import { basename } from "node:path";
import type { SourceFile } from "./import-rule.ts";

/** A file longer than this is two files. */
export const MAX_LINES = 300;

/** Names that say nothing about what is inside. */
const EMPTY_WORDS = new Set([
  "util",
  "helper",
  "common",
  "shared",
  "misc",
  "lib",
  "manager",
  "service",
  "base",
  "handler",
]);

/** What is wrong with a file's name or size, one readable line each. */
export function fileComplaints({ path, text }: SourceFile): readonly string[] {
  const complaints: string[] = [];
  const name = basename(path);
  if (name === "index.ts" && path !== "src/index.ts") complaints.push("is a barrel, expected only src/index.ts");
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.d)?\.ts$/.test(name)) complaints.push("expected a kebab-case name");
  const empty = path.split(/[/.-]/).find((word) => EMPTY_WORDS.has(word) || EMPTY_WORDS.has(word.replace(/s$/, "")));
  if (empty !== undefined) complaints.push(`is called "${empty}", expected a name that says what it does`);
  const lines = text.split("\n").length - 1;
  if (lines > MAX_LINES) complaints.push(`has ${lines} lines, expected at most ${MAX_LINES}: it is two files`);
  return complaints.map((complaint) => `${path}: ${complaint}`);
}
