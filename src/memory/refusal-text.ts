import { MAX_MEMORY_LENGTH, type Refusal } from "./hygiene.ts";

const texts: Readonly<Record<Refusal, string>> = {
  empty: "There is nothing in it to remember.",
  too_long: `That is too long: a memory is a sentence or two, of at most ${MAX_MEMORY_LENGTH} characters.`,
  transient: "That holds for the moment only. I remember what stays true.",
  secret: "That looks like a secret: a password, a key, a token, or the number of a card. I don't keep such things.",
  posing: "That reads like an instruction to me rather than a fact. I remember facts and wishes.",
};

/** Why something isn't remembered, in words for whoever wanted it to be. */
export function refusalText(reason: Refusal): string {
  return texts[reason];
}
