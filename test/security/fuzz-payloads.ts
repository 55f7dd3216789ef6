import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { type ReadContext, readDispatch } from "../../adapters/discord/read.ts";
import type { Bot } from "../../adapters/slack/bot.ts";
import { type ReadOptions, readEvent } from "../../adapters/slack/read.ts";
import { readUpdate } from "../../adapters/telegram/read.ts";
import { sessionKey } from "../../src/session/key.ts";
import type { SessionSource } from "../../src/session/source.ts";
import { bot as telegramBot } from "../adapters/telegram/update.ts";
import { type FuzzTarget, fuzzTarget } from "./fuzz-target.ts";
import { mutated, oddJson } from "./odd-text.ts";

const folder = join(import.meta.dirname, "../fixtures/payloads");

function payloadsOf(platform: string): readonly unknown[] {
  return readdirSync(join(folder, platform)).map((name) => {
    const { payload }: { readonly payload: unknown } = JSON.parse(readFileSync(join(folder, platform, name), "utf8"));
    return payload;
  });
}

/** What is read has a conversation of its own, or is not read. */
function check(reading: { readonly kind: string; readonly message?: { readonly source: SessionSource } }): void {
  if (reading.message !== undefined && reading.message.source.chatId !== "")
    sessionKey(reading.message.source, { groupSessionsPerUser: true, threadSessionsPerUser: false });
}

const slackBot: Bot = { userId: "U0BOTUSER", botId: "B0BOT", teamId: "T0HARNESS", name: "parley" };
const slackOptions: ReadOptions = {
  account: "default",
  replyInThread: true,
  names: { user: () => null, chat: () => null },
};
const discordContext: ReadContext = { account: "default", botId: "1", channel: () => undefined };

/** An event's name and its data, out of a dispatch. */
function dispatchOf(payload: unknown): readonly [string, unknown] {
  const { t, d } = Object(payload);
  return [typeof t === "string" ? t : "MESSAGE_CREATE", d];
}

/** The three `read.ts`. */
export const payloadTargets: readonly FuzzTarget[] = [
  fuzzTarget("payloads of Telegram", fc.oneof(oddJson, mutated(payloadsOf("telegram"))), (payload) =>
    check(readUpdate(payload, telegramBot)),
  ),
  fuzzTarget("payloads of Discord", fc.oneof(oddJson, mutated(payloadsOf("discord"))), (payload) =>
    check(readDispatch(...dispatchOf(payload), discordContext)),
  ),
  fuzzTarget("payloads of Slack", fc.oneof(oddJson, mutated(payloadsOf("slack"))), (payload) =>
    check(readEvent(payload, slackBot, slackOptions)),
  ),
];
