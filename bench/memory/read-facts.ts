/** A fact as somebody who understands the sentences of the plan reads it. */
export interface ReadFact {
  /** The same for whatever replaces it. */
  readonly topic: string;
  readonly value: string;
  /** As a model writes it down. */
  readonly content: string;
  readonly isOurs: boolean;
}

const VALUE = "(?<value>[A-Z][a-z]+)";
const WISH = "(?<topic>the [^.,]+)";
const RELATIVE = "the (?<what>[a-z]+) of (?:my|their) (?<whose>[a-z]+)";
const DECISION = "the (?<topic>[a-z]+ [a-z]+)";

const wishes = [
  `\\bI prefer ${VALUE} as ${WISH}`,
  `\\bI like ${VALUE} best as ${WISH}`,
  `\\b${VALUE} is my choice as ${WISH}`,
  `^Prefers ${VALUE} as ${WISH}`,
];
const circumstances = [`${RELATIVE} is called ${VALUE}`, `${RELATIVE} has the name ${VALUE}`];
const decisions = [`${DECISION} runs on ${VALUE}`];

const readers: readonly (readonly [RegExp, (groups: Readonly<Record<string, string>>) => ReadFact])[] = [
  ...wishes.map((pattern) => [new RegExp(pattern, "g"), wishOf] as const),
  ...circumstances.map((pattern) => [new RegExp(pattern, "gi"), circumstanceOf] as const),
  ...decisions.map((pattern) => [new RegExp(pattern, "gi"), decisionOf] as const),
];

/** Every fact that a text tells, in the order of the kinds; what only asks tells nothing. */
export function readFacts(text: string): readonly ReadFact[] {
  return readers.flatMap(([pattern, factOf]) =>
    [...text.matchAll(pattern)].flatMap(({ groups }) => (groups === undefined ? [] : [factOf(groups)])),
  );
}

function wishOf({ topic = "", value = "" }: Readonly<Record<string, string>>): ReadFact {
  const bare = topic.replace(/ (?:these days|just so you know)$/, "");
  return { topic: bare, value, content: `Prefers ${value} as ${bare}.`, isOurs: false };
}

function circumstanceOf({ what = "", whose = "", value = "" }: Readonly<Record<string, string>>): ReadFact {
  return {
    topic: `${what} of ${whose}`,
    value,
    content: `The ${what} of their ${whose} is called ${value}.`,
    isOurs: false,
  };
}

function decisionOf({ topic = "", value = "" }: Readonly<Record<string, string>>): ReadFact {
  return { topic, value, content: `The ${topic} runs on ${value}.`, isOurs: true };
}
