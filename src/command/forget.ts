import { createHash } from "node:crypto";
import { fingerprint } from "../memory/fingerprint.ts";
import { forgetMemory } from "../memory/forget-memory.ts";
import { conversationsOf, erasePerson, type Forgotten, ofPerson } from "../memory/forget-person.ts";
import { memoryLine } from "../memory/memory-line.ts";
import type { Scope } from "../session/memory-scope.ts";
import { type Command, type CommandCall, type CommandResult, says } from "./command.ts";
import { forgetButtons } from "./memory.ts";
import { isAddress, memoryText, scopeText } from "./memory-text.ts";
import { isShownHere, type OwnMemory, ownMemory, ownMemoryAt, ownScopes } from "./own-memory.ts";
import { quoted } from "./session-line.ts";

const USAGE = "ID | TEXT | me";
/** Memories erased by one `/forget me`: more than most have, in a tenth of a second for which others wait. */
const MAX_ERASED = 1_000;
/** What makes it hold. */
const UNLEARNED = "I learn nothing from what you said until now, here or elsewhere.";
/** Memories among which one is asked for. */
const MAX_CHOICES = 5;
/** Long enough that another person's button is told from one's own. */
const TAG_LENGTH = 8;

/** `/forget ID | TEXT | me`: lets one memory be forgotten, or erases all there is of whoever asks, once they have said so twice. */
export const forgetCommand: Command = {
  name: "forget",
  usage: USAGE,
  summary: "Forget one thing I remember, or with me all that I remember of you; asks before that.",
  group: "place",
  answer: "private",
  run(call) {
    const wanted = call.argument;
    if (wanted === "") return says(`/forget: expected \`${USAGE}\`. /memory shows what I remember.`);
    const [word = "", answer, tag, ...rest] = wanted.toLowerCase().split(/\s+/);
    const isAboutMe = word === "me" && (answer === undefined || ["yes", "no"].includes(answer)) && rest.length === 0;
    if (isAboutMe) return forgetMe(call, answer ?? null, tag ?? null);
    if (isAddress(wanted)) return forgetOne(call, ownMemoryAt(call, wanted));
    return forgetWords(call, wanted);
  },
};

function forgetOne(call: CommandCall, one: OwnMemory | null): CommandResult {
  if (one === null || !forgetMemory(call.tx, one.placement, call.receivedAtMs))
    return says("I remember nothing under that address that you could have me forget.");
  return says(isShownHere(call, one) ? `Forgotten: ${quoted(one.placement.content)}` : "Forgotten.");
}

/** What was said in exactly these words, or alone has them all; else it is asked which. */
function forgetWords(call: CommandCall, words: string): CommandResult {
  const found = ownMemory(call, words).filter(({ isTheirs }) => isTheirs);
  const print = fingerprint(memoryLine(words));
  const same = found.filter(({ placement }) => placement.fingerprint === print);
  const [first, ...others] = same.length > 0 ? same : found;
  if (first === undefined) return says("I remember nothing of that which you could have me forget.");
  if (same.length > 0 || (others.length === 0 && hasAll(first, words))) return forgetOne(call, first);
  const lines = found.slice(0, MAX_CHOICES).map(({ placement }) => `- ${memoryText(call, placement)}`);
  return { ...says(`Which of these?\n${lines.join("\n")}`), buttons: forgetButtons(found) };
}

function hasAll({ placement }: OwnMemory, words: string): boolean {
  const content = ` ${fingerprint(placement.content)} `;
  return fingerprint(memoryLine(words))
    .split(" ")
    .every((word) => content.includes(word));
}

function forgetMe(call: CommandCall, answer: string | null, tag: string | null): CommandResult {
  const { user } = ownScopes(call);
  if (user === null) return says("I can't tell who you are here, so there is nobody to forget.");
  if (answer === "no") return says("Kept.");
  const isNobody = ofPerson(call.tx, user, 1).length === 0;
  if (answer === null && !isNobody) return question(call, user);
  if (tag !== null && tag !== tagOf(user)) return says("That button is somebody else's. Nothing was forgotten.");
  const forgotten = erasePerson(call.tx, user, { limit: MAX_ERASED, nowMs: call.receivedAtMs });
  if (isNobody) return says(`I remember nothing of you. ${UNLEARNED}`);
  const isMore = ofPerson(call.tx, user, 1).length > 0;
  const rest = isMore ? "There is more: say it once more." : `${UNLEARNED} ${staysText(call, user)}`;
  return says(`Forgotten for good:\n${goneLines(forgotten, user).join("\n")}\n\n${rest}`);
}

function goneLines({ byScope, byState }: Forgotten, user: Scope): readonly string[] {
  const counts = new Map<string, number>();
  for (const [scope, count] of Object.entries(byScope)) {
    const where = scopeText(scope, user);
    counts.set(where, (counts.get(where) ?? 0) + count);
  }
  const special = [
    ["put aside", byState.stashed],
    ["corrected since", byState.superseded],
    ["forgotten already", byState.forgotten],
  ].flatMap(([what, count]) => (count === undefined ? [] : [`${count} ${what}`]));
  return [
    ...[...counts].map(([where, count]) => `- ${memories(count)} ${where}`),
    ...(special.length === 0 ? [] : [`- of these ${special.join(", ")}`]),
  ];
}

function staysText({ tx }: CommandCall, user: Scope): string {
  const { conversations, summedUp } = conversationsOf(tx, user);
  const own = conversations === 0 ? "" : ` (${conversations} of yours alone${summaries(summedUp)})`;
  return `The conversations themselves stay${own}: /delete erases the one it is given in.`;
}

function summaries(count: number): string {
  return count === 0 ? "" : `, ${count} of them with summaries that may quote you`;
}

function question(call: CommandCall, user: Scope): CommandResult {
  const count = ofPerson(call.tx, user, MAX_ERASED).length;
  const howMany = count < MAX_ERASED ? memories(count) : `at least ${memories(count)}`;
  return {
    ...says(
      `This erases for good what I remember of you, here and everywhere: ${howMany}, those you said for chats included. /forget me yes does it.`,
    ),
    buttons: [
      { label: "Forget all of me", command: `/forget me yes ${tagOf(user)}`, style: "danger" },
      { label: "Keep", command: "/forget me no" },
    ],
  };
}

function tagOf(user: Scope): string {
  return createHash("sha256").update(user).digest("hex").slice(0, TAG_LENGTH);
}

function memories(count: number): string {
  return count === 1 ? "1 memory" : `${count} memories`;
}
