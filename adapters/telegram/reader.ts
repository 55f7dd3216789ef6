import { type Clock, sleep } from "../../src/clock/clock.ts";
import type { AdapterEvents, Intake } from "../../src/platform/adapter.ts";
import { backOff } from "./back-off.ts";
import type { TelegramClient } from "./client.ts";
import type { Connection } from "./connection.ts";
import { type IntroducedBot, introduce, type UpdateMode } from "./introduce.ts";
import { pollUpdates } from "./poll-updates.ts";
import { openReplies } from "./replies.ts";
import { takeBatch } from "./take-batch.ts";
import { type OrderedTake, takeInOrder } from "./take-in-order.ts";
import { openTakeUpdate } from "./take-update.ts";
import { troubleOf } from "./trouble.ts";
import { watchWebhook } from "./watch-webhook.ts";

/** A daemon whose Telegram is slow starts all the same, and is connected to it a little later. */
const FIRST_TRY_MS = 5_000;
/** Longest wait at the end for answers to pressed buttons. */
const LAST_WORDS_MS = 1_000;

/** What reading needs. */
export interface ReaderOptions {
  readonly client: TelegramClient;
  readonly account: string;
  readonly mode: UpdateMode;
  readonly clock: Clock;
  readonly events: AdapterEvents;
  readonly connection: Connection;
}

/** Reads what people say to one bot. */
export interface Reader {
  /** Resolves after the first try, whatever became of it; rejects only for what an operator must mend. */
  start(intake: Intake): Promise<void>;
  /** Ends reading; resolves when nothing is being handed over any more, and what was taken is confirmed. */
  stop(): Promise<void>;
  /** What a call of Telegram's is handed to; null while nothing can be taken. */
  webhookTake(): OrderedTake["take"] | null;
}

/** A reader that has not begun. */
export function openReader(options: ReaderOptions): Reader {
  const { client, account, mode, clock, events, connection } = options;
  const ending = new AbortController();
  const { signal } = ending;
  const replies = openReplies(client, clock);
  let pushed: OrderedTake | null = null;
  let running: Promise<void> = Promise.resolve();

  const askWho = () => introduce(client, account, mode, signal);
  const fail = (error: unknown) => {
    const trouble = troubleOf(error);
    if (!signal.aborted) connection.down(trouble.detail, trouble.error);
    return trouble;
  };

  /** Asks again and again who the bot is; null when reading ends before Telegram says. */
  const askAgain = async (first: Promise<IntroducedBot>): Promise<IntroducedBot | null> => {
    const waits = backOff();
    for (let asked = first; ; asked = askWho()) {
      try {
        return await asked;
      } catch (error) {
        await sleep(clock, waits.nextMs(fail(error).retryAfterMs), signal);
        if (signal.aborted) return null;
      }
    }
  };

  const run = async (first: Promise<IntroducedBot>, intake: Intake) => {
    const bot = await askAgain(first);
    if (bot === null) return;
    const detail = detailOf(bot, mode);
    connection.up(detail);
    const take = openTakeUpdate({ bot, intake, events, replies });
    if (mode.kind === "webhook") {
      pushed = takeInOrder(take, replies.pressed);
      await watchWebhook({ client, clock, connection, events, mode, detail, signal });
    } else {
      const { pressed } = replies;
      const takeAll = (updates: Parameters<typeof takeBatch>[0]) =>
        takeBatch(updates, { take, pressed, clock, events, signal });
      await pollUpdates({ client, clock, connection, detail, take: takeAll, signal });
    }
  };

  return {
    async start(intake) {
      const first = askWho();
      const trouble = await firstTrouble(first, clock);
      if (trouble === "slow") connection.down("Telegram has not answered yet; it is tried again");
      else if (trouble?.isMistake) {
        fail(trouble.error);
        throw new Error(trouble.detail, { cause: trouble.error });
      }
      running = run(first, intake).catch((error: unknown) => {
        connection.down("reading ended by a mistake of the program's own; restart it, and report this", error);
      });
      // What is ready at once is ready when `start` resolves.
      if (trouble === null) connection.up(detailOf(await first, mode));
    },
    async stop() {
      ending.abort();
      await Promise.all([running, pushed?.settled()]);
      replies.forget();
      const limit = new AbortController();
      await Promise.race([replies.settled(), sleep(clock, LAST_WORDS_MS, limit.signal)]);
      limit.abort();
      connection.stopped();
    },
    webhookTake: () => (signal.aborted ? null : (pushed?.take ?? null)),
  };
}

/** What became of the first try; null when it went well. */
async function firstTrouble(first: Promise<unknown>, clock: Clock) {
  const limit = new AbortController();
  const tried = first.then(() => null, troubleOf);
  const trouble = await Promise.race([tried, sleep(clock, FIRST_TRY_MS, limit.signal).then(() => "slow" as const)]);
  limit.abort();
  return trouble;
}

function detailOf({ username, readsGroups }: IntroducedBot, mode: UpdateMode): string {
  const privacy = readsGroups ? "" : ", in groups it sees only what is meant for it (privacy mode)";
  return `@${username} by ${mode.kind === "webhook" ? "webhook" : "long polling"}${privacy}`;
}
