import type { RandomNumbers } from "../../test/support/random-numbers.ts";

/** What a fact is about; nobody has two at a time of the same. */
export interface Topic {
  /** `mine` is said by a person of themselves, `ours` in a group for everybody there. */
  readonly kind: "mine" | "ours";
  /** How a rule-reading model files it, without the value. */
  readonly name: string;
  /** Ways of saying it. */
  readonly say: (value: string) => readonly string[];
  /** Ways of saying that it has changed; the last one does not show that it has. */
  readonly change: (value: string) => readonly string[];
  /** Questions in the words of the fact, and one in others. */
  readonly ask: readonly string[];
  readonly askInOtherWords: string;
}

const things: readonly (readonly [name: string, otherWord: string])[] = [
  ["tea", "hot drink"],
  ["editor", "program for writing"],
  ["airline", "company I fly with"],
  ["font", "typeface"],
  ["hotel", "place to sleep"],
  ["snack", "thing to nibble"],
  ["playlist", "music"],
  ["notebook", "paper to write on"],
  ["taxi firm", "ride"],
  ["bakery", "place for bread"],
];
const occasions: readonly (readonly [name: string, otherWords: string])[] = [
  ["for long trips", "when I travel far"],
  ["on Mondays", "as the week begins"],
  ["at the office", "while at work"],
  ["for guests", "when people visit me"],
  ["in winter", "while it is cold"],
  ["after sports", "once I have exercised"],
];
const relations: readonly (readonly [name: string, otherWords: string])[] = [
  ["sister", "sibling"],
  ["landlord", "owner of my flat"],
  ["dentist", "one who looks after my teeth"],
  ["mentor", "one who advises me"],
  ["neighbour", "one next door"],
  ["cousin", "relative"],
];
const belongings: readonly (readonly [name: string, otherWord: string])[] = [
  ["dog", "pet"],
  ["boat", "vessel"],
  ["company", "business"],
  ["village", "home"],
  ["band", "musicians"],
];
const projects = ["atlas", "beacon", "cobalt", "delta", "ember", "fjord"];
const parts: readonly (readonly [name: string, otherWord: string])[] = [
  ["backend", "server side"],
  ["search", "lookup"],
  ["billing", "invoicing"],
  ["login", "sign-in"],
  ["reports", "statistics"],
  ["importer", "loading of files"],
];

const wishes: readonly Topic[] = things.flatMap(([thing, otherThing]) =>
  occasions.map(([occasion, otherOccasion]) => ({
    kind: "mine" as const,
    name: `the ${thing} ${occasion}`,
    say: (value) => [
      `By the way, I prefer ${value} as the ${thing} ${occasion}.`,
      `I like ${value} best as the ${thing} ${occasion}, just so you know.`,
      `Speaking of it: ${value} is my choice as the ${thing} ${occasion}.`,
    ],
    change: (value) => [
      `I changed my mind: from now on I prefer ${value} as the ${thing} ${occasion}.`,
      `Actually ${value} is my choice as the ${thing} ${occasion} these days, not what I said before.`,
      `I prefer ${value} as the ${thing} ${occasion}.`,
    ],
    ask: [`Which ${thing} do I prefer ${occasion}?`, `What was my ${thing} ${occasion} again?`],
    askInOtherWords: `Do you remember which ${otherThing} I want ${otherOccasion}?`,
  })),
);
const circumstances: readonly Topic[] = relations.flatMap(([relation, otherRelation]) =>
  belongings.map(([belonging, otherBelonging]) => ({
    kind: "mine" as const,
    name: `the ${belonging} of my ${relation}`,
    say: (value) => [
      `The ${belonging} of my ${relation} is called ${value}.`,
      `You should know that the ${belonging} of my ${relation} has the name ${value}.`,
    ],
    change: (value) => [
      `News: the ${belonging} of my ${relation} is called ${value} now.`,
      `The ${belonging} of my ${relation} is called ${value}.`,
    ],
    ask: [`What is the ${belonging} of my ${relation} called?`, `My ${relation} has a ${belonging}, what is its name?`],
    askInOtherWords: `How did I name the ${otherBelonging} belonging to the ${otherRelation}?`,
  })),
);
const decisions: readonly Topic[] = projects.flatMap((project) =>
  parts.map(([part, otherPart]) => ({
    kind: "ours" as const,
    name: `the ${project} ${part}`,
    say: (value) => [
      `We decided that the ${project} ${part} runs on ${value}.`,
      `For everybody: the ${project} ${part} runs on ${value}.`,
    ],
    change: (value) => [
      `We moved, the ${project} ${part} runs on ${value} from today.`,
      `The ${project} ${part} runs on ${value}.`,
    ],
    ask: [`What does the ${project} ${part} run on?`, `Which system is the ${project} ${part} on?`],
    askInOtherWords: `Where did we put the ${otherPart} of ${project}?`,
  })),
);

/** All that a person can say of themselves, and all that a group can decide. */
export const topics: Readonly<Record<Topic["kind"], readonly Topic[]>> = {
  mine: [...wishes, ...circumstances],
  ours: decisions,
};

const starts = [
  "Bra",
  "Cle",
  "Dro",
  "Fa",
  "Gli",
  "Ho",
  "Ju",
  "Ka",
  "Lu",
  "Mo",
  "Ne",
  "Pra",
  "Qui",
  "Ro",
  "Sta",
  "Ti",
  "Vo",
  "Wa",
  "Zi",
];
const middles = ["ba", "do", "fe", "gu", "li", "mo", "na", "po", "ri", "su", "to", "ve"];
const ends = ["bel", "dan", "fin", "gar", "lek", "mir", "nos", "pul", "rod", "sten", "tam", "vik"];

/** Names that nothing else has, some ten thousand: whether a text tells a fact is whether its value is in it. */
export function newValues(random: RandomNumbers): () => string {
  const used = new Set<string>();
  return () => {
    for (;;) {
      const value = `${random.oneOf(starts)}${random.oneOf(middles)}${random.oneOf(middles)}${random.oneOf(ends)}`;
      if (used.has(value)) continue;
      used.add(value);
      return value;
    }
  };
}
