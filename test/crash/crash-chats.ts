import assert from "node:assert/strict";
import { type ChatWorld, type Place, postsIn } from "../support/chat-world.ts";
import type { RandomNumbers } from "../support/random-numbers.ts";

/** A conversation that goes on over all deaths. */
interface CrashChat {
  readonly world: ChatWorld;
  readonly place: Place;
  /** Whether its transcript is changed as well (`/undo` and others): then only its rules are checked, not each line. */
  readonly isRewritten: boolean;
  readonly said: string[];
}

/** The conversations of one round. */
export interface CrashChats {
  readonly all: readonly CrashChat[];
  /** Something is said in each of them. */
  begin(): void;
  /** Something is said in some of them at the same moment, so that it shares transactions. */
  burst(): void;
  /** Texts nobody has answered yet. */
  unanswered(): readonly string[];
  platformOf(text: string): string;
  isRewritten(text: string): boolean;
  said(): number;
  /** Checks that all answers are where they belong, in order, and not more often than the platform makes unavoidable; returns how many came twice. */
  checkPosts(isGivenUp: (text: string) => boolean): number;
}

const PLAIN_CHATS = 3;
const COMMANDS = ["/undo", "/undo 2", "/retry", "/new", "/undo 3", "/reset", "/title a name"];
/** So that transcripts that are written anew take more than a moment; below every platform's limit. */
const LONG_TEXT = " and more".repeat(150);

/** Opens chats on each platform: some in which people just talk, and one whose transcript is changed all the time. */
export function openCrashChats(worlds: readonly ChatWorld[], random: RandomNumbers): CrashChats {
  const all = worlds.flatMap((world) =>
    Array.from({ length: PLAIN_CHATS + 1 }, (_, n): CrashChat => {
      return { world, place: world.dm(100 + n), isRewritten: n === PLAIN_CHATS, said: [] };
    }),
  );
  let count = 0;
  const speak = (chat: CrashChat) => {
    const isCommand = chat.isRewritten && chat.said.length > 2 && random.onceIn(2);
    if (isCommand) {
      chat.world.say(chat.place, random.oneOf(COMMANDS));
      return;
    }
    count += 1;
    const text = `word ${count} of mouth`;
    chat.said.push(text);
    chat.world.say(chat.place, chat.isRewritten ? `${text}${LONG_TEXT}` : text);
  };
  const answersIn = (chat: CrashChat) => postsIn(chat.world, chat.place).map(({ text }) => labelOf(text));
  return {
    all,
    begin() {
      for (const chat of all) speak(chat);
    },
    burst() {
      for (const chat of all) if (!random.onceIn(3)) speak(chat);
    },
    unanswered: () =>
      all.flatMap((chat) => {
        const answers = new Set(answersIn(chat));
        return chat.said.filter((text) => !answers.has(text));
      }),
    isRewritten: (text) => all.find(({ said }) => said.includes(text))?.isRewritten === true,
    platformOf: (text) => all.find(({ said }) => said.includes(text))?.world.platform ?? "no platform",
    said: () => count,
    checkPosts(isGivenUp) {
      let twice = 0;
      for (const chat of all) {
        const { platform } = chat.world;
        const answers = answersIn(chat).filter((text) => text !== null);
        for (const text of answers) assert.ok(chat.said.includes(text), `${text} was answered in another chat`);
        if (chat.isRewritten) continue; // `/retry` answers again
        const once = answers.filter((text, at) => answers.indexOf(text) === at);
        assert.deepEqual(
          once,
          chat.said.filter((text) => once.includes(text)),
          `answers on ${platform} in order`,
        );
        for (const text of chat.said) {
          const times = answers.filter((answer) => answer === text).length;
          assert.ok(times > 0 || isGivenUp(text), `${text} on ${platform} was never answered`);
          assert.ok(times <= (platform === "telegram" ? 2 : 1), `${text} on ${platform} was answered ${times} times`);
          if (times > 1) twice += 1;
        }
      }
      return twice;
    },
  };
}

/** Which text a post answers; null for one that answers none. */
export function labelOf(text: string): string | null {
  return /word \d+ of mouth/.exec(text)?.[0] ?? null;
}
