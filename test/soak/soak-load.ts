import type { ChatWorld, Place } from "../support/chat-world.ts";
import type { RandomNumbers } from "../support/random-numbers.ts";

/** People who talk all the time on platforms on which something goes wrong all the time. */
export interface SoakLoad {
  /** Somebody says something. */
  speak(): void;
  /** Something goes wrong; returns what. */
  goWrong(): string;
  said(): number;
  /** How many were answered, how many of them more than once on each platform, and what was never answered. */
  outcome(): {
    readonly answered: number;
    readonly twice: Readonly<Record<string, number>>;
    readonly unanswered: readonly string[];
    readonly astray: number;
  };
}

interface SoakChat {
  readonly world: ChatWorld;
  place: Place;
  said: number;
}

/** Direct chats, groups and threads on each platform. */
const CHATS_A_PLATFORM = 20;

/** Opens the chats; nobody has said anything yet. */
export function openSoakLoad(worlds: readonly ChatWorld[], random: RandomNumbers): SoakLoad {
  const chats = worlds.flatMap((world) =>
    Array.from({ length: CHATS_A_PLATFORM }, (_, n): SoakChat => {
      const places = [() => world.dm(100 + n), () => world.dm(100 + n), () => world.group(n), () => world.thread(n)];
      return { world, place: random.oneOf(places)(), said: 0 };
    }),
  );
  const placeOf = new Map<string, SoakChat>();
  let count = 0;
  return {
    speak() {
      const chat = random.oneOf(chats);
      const { world, place } = chat;
      const text = `word ${++count} of mouth${random.onceIn(10) ? ` ${"at length ".repeat(100)}` : ""}`;
      const person = place.chatType === "dm" ? {} : { person: 1 };
      chat.said += 1;
      placeOf.set(String(count), chat);
      const said = world.say(place, text, { ...person, mentionsBot: place.chatType !== "dm" });
      chat.place = said.place;
      if (random.onceIn(50)) said.redeliver();
    },
    goWrong() {
      const { world, place } = random.oneOf(chats);
      if (random.onceIn(15)) {
        world.dropConnections();
        return `${world.platform}: connections dropped`;
      }
      const kind = random.oneOf(["rate_limited", "unanswered", "cut", "server_error"] as const);
      world.fault(kind === "rate_limited" ? { kind, retryAfterSeconds: 1 } : { kind }, place);
      return kind;
    },
    said: () => count,
    outcome() {
      const seen = new Map<string, number>();
      let astray = 0;
      for (const world of worlds) {
        for (const { text, chatId } of world.posts()) {
          const number = /word (\d+) of mouth/.exec(text)?.[1];
          if (number === undefined) continue;
          seen.set(number, (seen.get(number) ?? 0) + 1);
          const chat = placeOf.get(number);
          if (chat?.world !== world || chat.place.chatId !== chatId) astray += 1;
        }
      }
      const twice: Record<string, number> = {};
      const unanswered: string[] = [];
      for (const [number, { world }] of placeOf) {
        const times = seen.get(number) ?? 0;
        if (times === 0) unanswered.push(`${number} (${world.platform})`);
        if (times > 1) {
          twice[world.platform] = (twice[world.platform] ?? 0) + 1;
          console.error(`twice: ${number} on ${world.platform}`);
        }
      }
      return { answered: seen.size, twice, unanswered, astray };
    },
  };
}
