import { durationText } from "../session/reset-notice.ts";
import { cleanText, cutText } from "../session/untrusted-text.ts";
import type { PairingPerson } from "../store/pairings.ts";
import type { PairingDecision } from "./decide-pairing.ts";

/** Longest name that is shown, in UTF-16 units: enough to recognise somebody. */
const MAX_NAME_LENGTH = 60;

/** A person for admins to read, in markdown: their name in quotation marks, never as markup, and their id. */
export function personText(person: PairingPerson & { readonly userName: string | null }): string {
  const name = cutText(cleanText(person.userName ?? ""), MAX_NAME_LENGTH);
  const escaped = name.replace(/[\\`*_~[\]<>|#]/g, (mark) => `\\${mark}`);
  return name === "" ? idText(person) : `“${escaped}” (${idText(person)})`;
}

/** What a stranger is told who may ask to be let in, in markdown. */
export function strangerText(code: string, person: PairingPerson): string {
  return [
    "I don't know you yet, so I can't answer.",
    `Your pairing code is \`${code}\`. It is valid for an hour.`,
    `An admin lets you in with \`/pair approve ${code}\`, or whoever runs me with \`parley pair approve ${code}\`.`,
    `Your id here is ${idText(person)}.`,
  ].join("\n");
}

/** What admins can be told about a stranger who asked, in markdown. */
export function requestText(code: string, person: PairingPerson & { readonly userName: string | null }): string {
  return `${personText(person)} would like to talk to me. Code \`${code}\`, valid for an hour.`;
}

/** What a person is told who was let in, in markdown. */
export const WELCOME = "You are connected now. Write me anything; /help lists what I understand.";

/** Why a decision was not taken, for whoever made it: a line without markup. */
export function refusalText(decision: Exclude<PairingDecision, { readonly kind: "done" }>, nowMs: number): string {
  switch (decision.kind) {
    case "wrong":
      return decision.triesLeft === 0
        ? "No request that waits has that code. Codes are taken again in 1 hour; an id (platform:id) is taken now."
        : `No request that waits has that code. Tries left before codes are locked for an hour: ${decision.triesLeft}.`;
    case "locked":
      return `Too many wrong codes. Codes are taken again in ${durationText(decision.untilMs - nowMs)}; an id (platform:id) is taken now.`;
    case "unknown":
      return "Nobody with that id waits to be let in. A code is good for an hour; writing to the bot gives a new one.";
  }
}

function idText({ platform, userId }: PairingPerson): string {
  return `\`${`${platform}:${userId}`.replace(/[`\p{Cc}]/gu, "")}\``;
}
