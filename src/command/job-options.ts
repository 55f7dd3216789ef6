import type { Job } from "../schedule/job.ts";

/** What `/schedule` is told besides when and what. */
export interface JobOptions {
  /** Its text is delivered as it is. */
  readonly isReminder: boolean;
  readonly name: string | null;
  readonly agent: string | null;
  /** Empty: where it was asked for. */
  readonly deliver: readonly string[];
  readonly session: Job["session"] | null;
}

/** Options at the beginning of a text and what follows them, or what is wrong with one. */
export type ReadJobOptions =
  | { readonly kind: "read"; readonly options: JobOptions; readonly rest: string }
  | { readonly kind: "wrong"; readonly message: string };

const NONE: JobOptions = { isReminder: false, name: null, agent: null, deliver: [], session: null };
const KNOWN = "--remind, --to TARGET, --session fresh|own|origin, --name NAME, --agent NAME";
/** Telephones make one long dash of two short ones. */
const OPTION = /^\s*(?:--|[—–])([\p{L}-]+)/u;
const VALUE = /^(?:\s+|=)(?:"([^"]*)"|(\S+))/u;
/** Options read from one text: more are a mistake, and each costs a step. */
const MAX_OPTIONS = 60;

/** Reads the options that a text begins with, over those that were read already. */
export function readJobOptions(text: string, before: JobOptions = NONE): ReadJobOptions {
  let options = before;
  let rest = text;
  for (let count = 0; count < MAX_OPTIONS; count++) {
    const found = OPTION.exec(rest);
    if (found === null) return { kind: "read", options, rest };
    const name = (found[1] ?? "").toLowerCase();
    rest = rest.slice(found[0].length);
    if (name === "remind") {
      options = { ...options, isReminder: true };
      continue;
    }
    if (!["to", "session", "name", "agent"].includes(name)) {
      return { kind: "wrong", message: `there is no option of that name. Expected ${KNOWN}.` };
    }
    const given = VALUE.exec(rest);
    const value = given?.[1] ?? given?.[2] ?? "";
    if (given === null || value === "") return { kind: "wrong", message: `expected something after --${name}.` };
    rest = rest.slice(given[0].length);
    switch (name) {
      case "to":
        options = { ...options, deliver: [...options.deliver, ...value.split(",").filter((part) => part !== "")] };
        break;
      case "session":
        if (value !== "fresh" && value !== "own" && value !== "origin") {
          return { kind: "wrong", message: "expected fresh, own or origin after --session." };
        }
        options = { ...options, session: value };
        break;
      case "name":
        options = { ...options, name: value.toLowerCase() };
        break;
      default:
        options = { ...options, agent: value };
    }
  }
  return { kind: "wrong", message: `expected at most ${MAX_OPTIONS} options.` };
}
