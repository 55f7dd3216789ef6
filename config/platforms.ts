import { z } from "zod";
import { platformAccessSection } from "./access.ts";
import { accountsOf, inherited } from "./bot-accounts.ts";
import { fieldFacts, httpAddress, idText, secretText, text, wholeNumber } from "./field.ts";
import { resetPolicyPart } from "./reset.ts";

/** Most chats that can be listed as free; above it, switch `requireMention` off instead. */
const MAX_FREE_CHATS = 10_000;
/** More roles than that stand for one bot nowhere. */
const MAX_MENTION_ROLES = 100;
/** No platform grants a bot more. */
const MAX_POSTS_PER_SECOND = 1000;

const homeChannel = z.object({
  chatId: idText().describe("The chat's id."),
  threadId: idText().nullable().default(null).describe("Thread or topic in it. Default none."),
  name: text().nullable().default(null).describe("What people call it. Default none."),
});

const botFields = {
  access: platformAccessSection.prefault({}).describe("Who may talk to the agent here. Default as at the root."),
  requireMention: z
    .boolean()
    .default(true)
    .describe("Whether the bot answers only when addressed, outside direct messages. Default true."),
  freeChats: z
    .array(idText())
    .max(MAX_FREE_CHATS)
    .default([])
    .describe("Ids of chats in which no mention is needed. Default none."),
  streaming: z
    .enum(["auto", "off"])
    .default("auto")
    .describe("auto: a slow answer appears as it grows; off: it is sent once, whole. Default auto."),
  homeChannel: homeChannel
    .nullable()
    .default(null)
    .describe("Where jobs and notices go when only the platform is named. Default none."),
  redactPii: z
    .boolean()
    .default(false)
    .describe(
      "Whether the agent sees hashes instead of user and chat ids, where the platform allows it. Default false.",
    ),
  onAmbiguousSend: z
    .enum(["resend", "hold"])
    .default("resend")
    .describe("What happens to a post of which nobody can say whether it arrived. Default resend (once)."),
  maxPerSecond: wholeNumber(1, MAX_POSTS_PER_SECOND)
    .nullable()
    .default(null)
    .describe("Most posts a second of this bot. Default what the platform allows."),
};

/** What all bots of a platform have in common: sessions reset by platform. */
const platformFields = {
  reset: resetPolicyPart.prefault({}).describe("When conversations here start afresh. Default as in reset."),
};

const telegramToken = (advice: string) =>
  secretText({ expected: "a bot token such as 123456:ABC-DEF", advice }, /^\d+:[A-Za-z0-9_-]+$/);
const telegramFields = {
  apiRoot: httpAddress()
    .default("https://api.telegram.org")
    .describe("Address of the Bot API, for a server of your own. Default https://api.telegram.org."),
  mode: z.enum(["polling", "webhook"]).default("polling").describe("How updates arrive. Default polling."),
  webhookUrl: httpAddress()
    .nullable()
    .default(null)
    .describe("Public address Telegram calls, in webhook mode. Default none."),
  webhookSecret: secretText({ expected: "1 to 256 letters, digits, _ and -" }, /^[A-Za-z0-9_-]{1,256}$/)
    .nullable()
    .default(null)
    .describe("Secret that Telegram sends along with each call, in webhook mode. Default none."),
  ...botFields,
};
const telegram = z.object({
  token: telegramToken("@BotFather on Telegram gives it; or set TELEGRAM_BOT_TOKEN.")
    .exactOptional()
    .describe("The bot's token. Default TELEGRAM_BOT_TOKEN."),
  ...telegramFields,
  ...platformFields,
  accounts: accountsOf(
    z.object({
      token: telegramToken("@BotFather on Telegram gives each bot its own.").describe("This bot's token."),
      ...inherited(telegramFields),
    }),
  ),
});

const discordToken = (advice: string) => secretText({ expected: 'a bot token without "Bot " before it', advice });
const discordFields = {
  apiUrl: httpAddress()
    .default("https://discord.com/api")
    .describe("Address of the REST API, without a version. Default https://discord.com/api."),
  autoThread: z
    .boolean()
    .default(false)
    .describe("Whether a mention in a channel opens a thread for the conversation. Default false."),
  mentionRoles: z
    .array(idText())
    .max(MAX_MENTION_ROLES)
    .default([])
    .describe("Ids of roles whose mention means the bot, its own for instance. Default none."),
  ...botFields,
};
const discord = z.object({
  token: discordToken("The Developer Portal shows it under Bot → Reset Token; or set DISCORD_BOT_TOKEN.")
    .exactOptional()
    .describe("The bot's token. Default DISCORD_BOT_TOKEN."),
  ...discordFields,
  ...platformFields,
  accounts: accountsOf(
    z.object({
      token: discordToken("The Developer Portal shows it under Bot → Reset Token.").describe("This bot's token."),
      ...inherited(discordFields),
    }),
  ),
});

const slackBotToken = (advice: string) =>
  secretText({ expected: 'a token that starts with "xoxb-"', advice }, /^xoxb-\S+$/);
const slackFields = {
  appToken: secretText(
    {
      expected: 'a token that starts with "xapp-"',
      advice: "Create one under Basic Information → App-Level Tokens.",
    },
    /^xapp-\S+$/,
  )
    .nullable()
    .default(null)
    .describe("The app-level token that socket mode needs. Default SLACK_APP_TOKEN."),
  apiUrl: httpAddress()
    .default("https://slack.com/api/")
    .describe("Address of the Web API, with a slash at its end. Default https://slack.com/api/."),
  mode: z.enum(["socket", "http"]).default("socket").describe("How events arrive. Default socket."),
  signingSecret: secretText({ advice: "Find it under Basic Information → App Credentials." })
    .nullable()
    .default(null)
    .describe("Proves that a call comes from Slack, in http mode. Default none."),
  replyInThread: z
    .boolean()
    .default(true)
    .describe("Whether the answer to a mention in a channel opens a thread. Default true."),
  seedDmThreads: z
    .boolean()
    .default(true)
    .describe("Whether a thread under a direct message knows what was said before it. Default true."),
  ...botFields,
};
const slack = z.object({
  botToken: slackBotToken("Find it under OAuth & Permissions → Bot User OAuth Token; or set SLACK_BOT_TOKEN.")
    .exactOptional()
    .describe("The bot user's token. Default SLACK_BOT_TOKEN."),
  ...slackFields,
  ...platformFields,
  accounts: accountsOf(
    z.object({
      botToken: slackBotToken("Find it under OAuth & Permissions → Bot User OAuth Token.").describe(
        "This bot user's token.",
      ),
      ...inherited(slackFields),
    }),
  ),
});

function platform<Section extends z.ZodObject>(section: Section, name: string) {
  const onOrOff = z.union([z.literal(false), section]);
  fieldFacts.add(onOrOff, { expected: "a section, or false to switch the platform off" });
  return onOrOff
    .exactOptional()
    .describe(`${name}; false keeps it off even when its token is in the environment. Default off without a token.`);
}

/** The chat platforms to connect to. */
export const platformsSection = z.object({
  telegram: platform(telegram, "Telegram"),
  discord: platform(discord, "Discord"),
  slack: platform(slack, "Slack"),
});

/** The same as it is in force, for what walks along the schema: a list of bots each. */
export const platformBots = z.object({ telegram: z.array(telegram), discord: z.array(discord), slack: z.array(slack) });

/** The field that makes a bot: a section without it has only its accounts. */
export const TOKEN_FIELDS = { telegram: "token", discord: "token", slack: "botToken" } as const;
/** A platform that is built in and configured here. */
export type PlatformName = keyof typeof TOKEN_FIELDS;

/** Telegram as the file says it; `access` and `reset` are what differs from the root. */
export type TelegramSection = z.output<typeof telegram>;
/** Discord as the file says it. */
export type DiscordSection = z.output<typeof discord>;
/** Slack as the file says it. */
export type SlackSection = z.output<typeof slack>;
