import type { SessionSource } from "../../src/session/source.ts";
import { type RandomNumbers, randomNumbers } from "../../test/support/random-numbers.ts";
import { newValues, type Topic, topics } from "./planted-facts.ts";
import { newSecret } from "./planted-secrets.ts";
import { smallTalk } from "./small-talk.ts";

/** How much is said. */
export interface PlanSize {
  readonly sessions: number;
  readonly turnsASession: number;
}

/** Something that was planted. */
export interface Fact {
  /** Occurs nowhere else. */
  readonly value: string;
  readonly topic: Topic;
  /** Who said it. */
  readonly author: string;
  /** Where. */
  readonly place: Place;
  readonly session: number;
  readonly turn: number;
  readonly atMs: number;
  /** The person asked for it to be remembered in so many words. */
  readonly isExplicit: boolean;
  /** What it took the place of. */
  readonly replaces: Fact | null;
}

/** Where people talk, and who reads there. */
export interface Place {
  readonly name: string;
  readonly people: readonly string[];
  readonly isPrivate: boolean;
}

export type QuestionClass = "same session" | "earlier session" | "months ago" | "updated";

/** A question whose answer was planted. */
export interface Question {
  readonly fact: Fact;
  readonly kind: QuestionClass;
  readonly isInOtherWords: boolean;
}

/** What one person says, and what is answered. */
export interface PlannedTurn {
  readonly who: string;
  readonly text: string;
  readonly reply: string;
  readonly atMs: number;
  readonly plants: Fact | null;
  readonly asks: Question | null;
}

export interface PlannedSession {
  readonly place: Place;
  readonly source: (who: string) => SessionSource;
  readonly turns: readonly PlannedTurn[];
}

/** A whole conversation, with what a judge has to know. */
export interface Plan {
  readonly sessions: readonly PlannedSession[];
  /** Every fact by its value. */
  readonly facts: ReadonlyMap<string, Fact>;
  readonly secrets: readonly string[];
}

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 5, 9);
/** Forty sessions take five months. */
const DAYS_BETWEEN = 4;
const TURN_MS = 90_000;
const MONTHS_AGO_MS = 60 * DAY_MS;
/** What a turn is for, of this many; the rest is small talk. */
const OF_TURNS = 50;
const PLANTS = 8;
const UPDATES = 2;
const SECRETS = 1;
const QUESTIONS = 8;
const PROBES = 3;
/** A fact of the same session is asked for after so many turns: it has left the newest messages by then. */
const MIN_TURNS_BETWEEN = 10;

const places: readonly Place[] = [
  ...["ann", "ben", "chloe", "dan"].map((who) => ({ name: `dm-${who}`, people: [who], isPrivate: true })),
  { name: "crew", people: ["ann", "ben", "chloe"], isPrivate: false },
  { name: "club", people: ["ann", "dan"], isPrivate: false },
];

/** Writes a conversation; the same seed, the same words. */
export function conversationPlan(seed: number, size: PlanSize): Plan {
  const random = randomNumbers(seed);
  const newValue = newValues(random);
  const facts: Fact[] = [];
  const secrets: string[] = [];
  const sessions = Array.from({ length: size.sessions }, (_, session): PlannedSession => {
    const place = places[session % places.length] ?? random.oneOf(places);
    const turns = Array.from({ length: size.turnsASession }, (_, turn): PlannedTurn => {
      const atMs = START_MS + session * DAYS_BETWEEN * DAY_MS + turn * TURN_MS;
      const who = random.oneOf(place.people);
      const said = sayOne({ random, newValue, facts, secrets, place, session, turn, atMs, who });
      return { reply: smallTalk(random, 3), ...said, who, atMs };
    });
    return { place, source: (who) => sourceOf(place, who), turns };
  });
  return { sessions, facts: new Map(facts.map((fact) => [fact.value, fact])), secrets };
}

interface Moment {
  readonly random: RandomNumbers;
  readonly newValue: () => string;
  readonly facts: Fact[];
  readonly secrets: string[];
  readonly place: Place;
  readonly session: number;
  readonly turn: number;
  readonly atMs: number;
  readonly who: string;
}

function sayOne(moment: Moment): Pick<PlannedTurn, "text" | "plants" | "asks"> {
  const { random } = moment;
  const noise = { text: smallTalk(random, 2), plants: null, asks: null };
  const draw = random.below(OF_TURNS);
  if (draw < PLANTS) return plantNew(moment) ?? noise;
  if (draw < PLANTS + UPDATES) return plantUpdate(moment) ?? noise;
  if (draw < PLANTS + UPDATES + SECRETS) {
    const { needle, text } = newSecret(random);
    moment.secrets.push(needle);
    return { ...noise, text };
  }
  if (draw < PLANTS + UPDATES + SECRETS + QUESTIONS) return ask(moment) ?? noise;
  if (draw < PLANTS + UPDATES + SECRETS + QUESTIONS + PROBES) return probe(moment) ?? noise;
  return noise;
}

function plantNew(moment: Moment): Pick<PlannedTurn, "text" | "plants" | "asks"> | null {
  const { random, facts, place, who } = moment;
  const kind = !place.isPrivate && random.onceIn(2) ? "ours" : "mine";
  const topic = random.oneOf(topics[kind]);
  const isTaken = facts.some(
    (fact) => fact.topic === topic && (kind === "mine" ? fact.author === who : fact.place === place),
  );
  if (isTaken) return null;
  return plant(moment, topic, null);
}

/** The one it replaces was said in this very place: what was said elsewhere is nothing that is talked of here. */
function plantUpdate(moment: Moment): Pick<PlannedTurn, "text" | "plants" | "asks"> | null {
  const { random, facts, place, who } = moment;
  const old = facts.filter(
    (fact) => isCurrent(fact, facts) && fact.place === place && (fact.topic.kind === "ours" || fact.author === who),
  );
  return old.length === 0 ? null : ((replaced) => plant(moment, replaced.topic, replaced))(random.oneOf(old));
}

function plant(moment: Moment, topic: Topic, replaces: Fact | null): Pick<PlannedTurn, "text" | "plants" | "asks"> {
  const { random, newValue, facts, place, session, turn, atMs, who } = moment;
  const value = newValue();
  const isExplicit = replaces === null && random.onceIn(8);
  const fact: Fact = { value, topic, author: who, place, session, turn, atMs, isExplicit, replaces };
  facts.push(fact);
  const text = random.oneOf(replaces === null ? topic.say(value) : topic.change(value));
  return { text: random.onceIn(2) ? `${smallTalk(random, 1)} ${text}` : text, plants: fact, asks: null };
}

function ask(moment: Moment): Pick<PlannedTurn, "text" | "plants" | "asks"> | null {
  const { random, facts } = moment;
  const byClass = new Map<QuestionClass, Fact[]>();
  for (const fact of facts) {
    const kind = classOf(fact, moment);
    if (kind === null || !isCurrent(fact, facts) || !mayBeTold(fact, moment.place, moment.who)) continue;
    byClass.set(kind, [...(byClass.get(kind) ?? []), fact]);
  }
  if (byClass.size === 0) return null;
  const [kind, known] = random.oneOf([...byClass]);
  const fact = random.oneOf(known);
  const isInOtherWords = random.onceIn(3);
  const text = isInOtherWords ? fact.topic.askInOtherWords : random.oneOf(fact.topic.ask);
  return { text, plants: null, asks: { fact, kind, isInOtherWords } };
}

/** Somebody asks for what was said where they, or others who read here, were not. */
function probe({ random, facts, place, who }: Moment): Pick<PlannedTurn, "text" | "plants" | "asks"> | null {
  const hidden = facts.filter((fact) => !mayBeTold(fact, place, who));
  if (hidden.length === 0) return null;
  const { topic, author } = random.oneOf(hidden);
  const text = random.oneOf(topic.ask);
  return {
    text: author === who ? text : text.replace(/\bI\b/, author).replace(/\bmy\b/i, `${author}'s`),
    plants: null,
    asks: null,
  };
}

function classOf(fact: Fact, { session, turn, atMs }: Moment): QuestionClass | null {
  if (fact.session === session && turn - fact.turn < MIN_TURNS_BETWEEN) return null;
  if (fact.replaces !== null) return "updated";
  if (fact.session === session) return "same session";
  return atMs - fact.atMs >= MONTHS_AGO_MS ? "months ago" : "earlier session";
}

function isCurrent(fact: Fact, facts: readonly Fact[]): boolean {
  return !facts.some(({ replaces }) => replaces === fact);
}

/** Whether the agent should know it here for this person: what they said of themselves, here or wherever where nobody reads along, and what was decided here. */
function mayBeTold(fact: Fact, place: Place, who: string): boolean {
  if (fact.topic.kind === "ours") return fact.place === place;
  return fact.author === who && (fact.place === place || place.isPrivate);
}

/** Whether somebody reads here who was not there. */
export function isForeign(fact: Fact, place: Place): boolean {
  return place.people.some((who) => !fact.place.people.includes(who));
}

function sourceOf(place: Place, who: string): SessionSource {
  return {
    platform: "telegram",
    account: "default",
    chatType: place.isPrivate ? "dm" : "group",
    chatId: place.name,
    threadId: null,
    userId: who,
    userIdAlt: null,
    workspaceId: null,
    parentChatId: null,
    userName: who,
    chatName: place.isPrivate ? null : place.name,
    chatTopic: null,
    chatIdAlt: null,
  };
}
