import type { Button } from "../message/message.ts";
import { cutText } from "../session/untrusted-text.ts";
import { type Command, type CommandCall, type CommandResult, says } from "./command.ts";
import { isAddress, memoryText, shortAddress } from "./memory-text.ts";
import { isShownHere, type MemorySection, type OwnMemory, ownMemory, ownMemoryAt, ownScopes } from "./own-memory.ts";

/** Memories of a section that one answer lists: a phone's screen. */
const LISTED = 10;
/** Memories that get a button: what fits below the list. */
const MAX_BUTTONS = 5;
/** Longest label of a button, in UTF-16 units: more is cut on a phone. */
const MAX_LABEL = 40;
/** Longest memory shown in full, in characters: as long as one can be. */
const MAX_SHOWN = 1_000;

const headings: Readonly<Record<MemorySection, string>> = {
  you: "Of you:",
  chat: "Of this chat:",
  conversation: "From this conversation, not kept beyond it yet:",
  everybody: "For everybody:",
  aside: "Put aside, told to nobody:",
};

/** `/memory [words]`: what is remembered of whoever asks, and of this place, with where it comes from. */
export const memoryCommand: Command = {
  name: "memory",
  usage: "[words]",
  summary: "Show what I remember of you and of this chat, all of it or on some words.",
  group: "place",
  answer: "private",
  run(call) {
    const words = call.argument;
    if (isAddress(words)) return showOne(call, words);
    const found = ownMemory(call, words === "" ? null : words);
    const { isDirect } = ownScopes(call);
    // Others may read this: what a person said in private is not shown here.
    const aside = isDirect ? "" : "\n\nWhat you told me elsewhere I show in a direct chat only.";
    const [only, ...others] = found;
    if (only === undefined)
      return says(`${words === "" ? "I remember nothing of you yet." : "I remember nothing of that."}${aside}`);
    const text = `${(["you", "chat", "conversation", "everybody", "aside"] as const)
      .flatMap((section) => sectionText(call, section, found))
      .join("\n")}\n\n\`/forget ID\` forgets one, \`/remember ID TEXT\` corrects one.${aside}`;
    return { ...says(text), buttons: others.length === 0 ? buttonsOf(only) : forgetButtons(found) };
  },
};

/** One of these under an address, with what can be done about it. */
function showOne(call: CommandCall, addr: string): CommandResult {
  const one = ownMemoryAt(call, addr);
  if (one === null || !isShownHere(call, one))
    return says("I remember nothing under that address that I can show here.");
  return { ...says(memoryText(call, one.placement, MAX_SHOWN)), buttons: buttonsOf(one) };
}

function sectionText(call: CommandCall, section: MemorySection, found: readonly OwnMemory[]): readonly string[] {
  const own = found.filter((one) => one.section === section);
  if (own.length === 0) return [];
  const more = own.length - LISTED;
  return [
    headings[section],
    ...own.slice(0, LISTED).map(({ placement }) => `- ${memoryText(call, placement)}`),
    ...(more > 0 ? [`- and ${more} more: \`/memory words\` finds them.`] : []),
  ];
}

/** A button for each of those at hand: forgets it. */
export function forgetButtons(found: readonly OwnMemory[]): readonly Button[] {
  const shown = found.filter(({ isTheirs }) => isTheirs).slice(0, MAX_BUTTONS);
  return shown.map(({ placement }) => ({
    label: cutText(`Forget: ${placement.content}`, MAX_LABEL),
    command: `/forget ${shortAddress(placement)}`,
  }));
}

function buttonsOf({ placement, isTheirs }: OwnMemory): readonly Button[] {
  if (!isTheirs) return [];
  const addr = shortAddress(placement);
  return [
    { label: "Correct", command: `/remember ${addr}` },
    { label: "Forget", command: `/forget ${addr}`, style: "danger" },
  ];
}
