import { z } from "zod";
import { isSchedule } from "../src/session/schedule-boundary.ts";
import { isTimeZone } from "../src/session/wall-clock.ts";

/** What is true of a field beyond its type: read by the problem reports, by masking and by the JSON Schema. */
export interface FieldFacts {
  /** Its value (or every value inside it) is never shown: not in a message, not in a log, not by `config show`. */
  readonly secret?: true;
  /** What a right value looks like, as the object of "expected"; without it the words come from the type and its range. */
  readonly expected?: string;
  /** What an operator does about a missing or wrong value: whole sentences. */
  readonly advice?: string;
  /** An unknown key in this section is an error and not a warning: a mistyped lock is no lock. */
  readonly strict?: true;
}

/** The one place that says which fields are secret, and what to tell about the others. */
export const fieldFacts = z.registry<FieldFacts>();

/** Longest id the configuration takes, in UTF-16 units; the platforms' own are under 100. */
const MAX_ID_LENGTH = 512;
/** Longest secret, in UTF-16 units; bot tokens are under 200, JWTs some thousand. */
const MAX_SECRET_LENGTH = 8192;
/** Longest text of any other field, in UTF-16 units: a long instruction, never a file pasted by mistake. */
const MAX_TEXT_LENGTH = 65_536;

/** A text that is never shown. */
export function secretText(facts: Omit<FieldFacts, "secret" | "strict"> = {}, pattern = /^\S+$/) {
  return z
    .string()
    .max(MAX_SECRET_LENGTH)
    .regex(pattern)
    .register(fieldFacts, { expected: "a text without white space", ...facts, secret: true });
}

/** A text of at least one character. */
export function text() {
  return z.string().min(1).max(MAX_TEXT_LENGTH);
}

/** An id as a platform gives it. YAML reads unquoted digits as a number: that is taken too, and becomes text. */
export function idText() {
  return z
    .union([z.string().min(1).max(MAX_ID_LENGTH), z.int()])
    .transform(String)
    .register(fieldFacts, { expected: "an id: a text in quotes, or a whole number" });
}

/** A text that matches `pattern`, which `expected` puts into words. */
export function patternText(pattern: RegExp, expected: string, advice?: string) {
  return z
    .string()
    .regex(pattern)
    .register(fieldFacts, advice === undefined ? { expected } : { expected, advice });
}

/**
 * An http or https address that paths can be added to. Credentials in it are refused: they would end up in logs, and
 * `fetch` does not take them.
 */
export function httpAddress() {
  return z
    .url({ protocol: /^https?$/ })
    .refine(isBareAddress)
    .register(fieldFacts, {
      expected: "an address that starts with http:// or https://, without user name, password or query",
    });
}

/** A whole number in a range, both ends included; the unit belongs to the field's name. */
export function wholeNumber(min: number, max: number) {
  return z.int().min(min).max(max);
}

/** The name of a time zone this Node knows. */
export function timeZone() {
  return z
    .string()
    .refine(isTimeZone)
    .register(fieldFacts, { expected: 'the IANA name of a time zone, such as "Europe/Berlin" or "UTC"' });
}

/** A cron expression that comes true some day. */
export function schedule(example: string) {
  return text()
    .refine(isSchedule)
    .register(fieldFacts, { expected: `a cron expression that comes true some day, such as "${example}"` });
}

/** An adapter's own name, as in session keys. */
export function platformName() {
  return patternText(
    /^[a-z][a-z0-9_]*$/,
    "the name of a platform: lower-case letters, digits and _, a letter first, such as telegram",
  );
}

/** The name of an agent under `agents`. */
export function agentName() {
  return patternText(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, "a name of 1 to 64 letters, digits, - and _");
}

function isBareAddress(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.username === "" && url.password === "" && url.search === "" && url.hash === "";
}
