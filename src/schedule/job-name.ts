import { cleanText } from "../session/untrusted-text.ts";

/** Longest name: it is also that of a folder. */
const MAX_NAME = 64;
/** Longest part of a text that becomes a name. */
const MAX_SLUG = 32;

/** Whether a text can be a job's name: 1 to 64 lower-case letters, digits, `-` and `_`, a letter or digit first. So none is a path. */
export function isJobName(text: string): boolean {
  return text.length <= MAX_NAME && /^[a-z0-9][a-z0-9_-]*$/.test(text);
}

/** A name made of a job's text that no other job has: `look-at-the-oven`, `look-at-the-oven-2`. */
export function freeName(text: string, isTaken: (name: string) => boolean): string {
  const slug = cleanText(text)
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_SLUG)
    .replace(/^-+|-+$/g, "");
  const stem = slug === "" ? "job" : slug;
  // There are never as many jobs as numbers: the limit on jobs ends this.
  for (let count = 1; ; count++) {
    const name = count === 1 ? stem : `${stem}-${count}`;
    if (!isTaken(name)) return name;
  }
}
