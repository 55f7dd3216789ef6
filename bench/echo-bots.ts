/**
 * A process of its own: echo bots as one writes them with the bare client libraries, one for each platform in the
 * environment variable ECHO_BOTS (JSON, the sections of `parley.yaml`). Only the libraries that are needed are loaded.
 */
import { z } from "zod";

const section = z.record(z.string(), z.string());
const sections = z.object({
  telegram: section.optional(),
  discord: section.optional(),
  slack: section.optional(),
});
const { telegram, discord, slack } = sections.parse(JSON.parse(process.env.ECHO_BOTS ?? "{}"));

async function startTelegram({ token = "", apiRoot = "" }: z.infer<typeof section>): Promise<void> {
  const { Bot } = await import("grammy");
  const bot = new Bot(token, { client: { apiRoot } });
  bot.on("message:text", (context) => context.reply(context.message.text));
  await bot.start();
}

async function startDiscord({ token = "", apiUrl = "" }: z.infer<typeof section>): Promise<void> {
  const { Client, GatewayIntentBits, Partials } = await import("discord.js");
  const client = new Client({
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.DirectMessages,
      GatewayIntentBits.MessageContent,
    ],
    partials: [Partials.Channel],
    // As shipped it sends 50 requests a second at most, which would be all that is measured.
    rest: { api: apiUrl, globalRequestsPerSecond: 1_000_000 },
  });
  client.on("messageCreate", (message) => {
    // A post that fails ends the process, and the benchmark with it.
    if (!message.author.bot && message.channel.isSendable()) void message.channel.send(message.content);
  });
  await client.login(token);
}

async function startSlack({ botToken = "", appToken = "", apiUrl = "" }: z.infer<typeof section>): Promise<void> {
  const { default: bolt } = await import("@slack/bolt");
  const app = new bolt.App({
    token: botToken,
    appToken,
    socketMode: true,
    clientOptions: { slackApiUrl: apiUrl },
    logLevel: bolt.LogLevel.ERROR,
  });
  app.message(async ({ message, say }) => {
    if ("text" in message && message.text !== undefined) await say(message.text);
  });
  await app.start();
}

const starts: Promise<void>[] = [];
if (telegram !== undefined) starts.push(startTelegram(telegram));
if (discord !== undefined) starts.push(startDiscord(discord));
if (slack !== undefined) starts.push(startSlack(slack));
await Promise.all(starts);
