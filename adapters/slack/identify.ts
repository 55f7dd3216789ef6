import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { Bot } from "./bot.ts";

/** What the bot cannot do without a scope, in the order of their weight (docs.slack.dev/reference/scopes). */
const scopes: readonly (readonly [scope: string, use: string])[] = [
  ["chat:write", "answer"],
  ["app_mentions:read", "hear mentions"],
  ["im:history", "hear direct messages"],
  ["channels:history", "follow threads in channels"],
  ["groups:history", "follow threads in private channels"],
  ["mpim:history", "hear group messages"],
  ["users:read", "know people's names"],
  ["channels:read", "know channels' names"],
  ["groups:read", "know private channels' names"],
  ["mpim:read", "tell group messages from private channels"],
  ["files:read", "see files"],
  ["files:write", "post files"],
  ["reactions:write", "show that it is at work"],
];

/** What `auth.test` says of the bot token's owner. */
export interface Identity {
  readonly bot: Bot;
  /** What the bot was not granted, as `scope (use)`; empty too when Slack does not say what it was. */
  readonly missingScopes: readonly string[];
}

// Ids become part of patterns that are looked for in texts.
const slackId = z.string().regex(/^[A-Z0-9]+$/);

const authTest = z.object({
  user_id: slackId,
  bot_id: slackId.nullish(),
  team_id: z.string().nullish(),
  user: z.string().nullish(),
  response_metadata: z.object({ scopes: z.array(z.string()).nullish() }).nullish(),
});

/** Asks Slack whose token it is; throws the client's error, and zod's for an answer that is no answer. */
export async function identify(web: WebClient): Promise<Identity> {
  const { user_id, bot_id, team_id, user, response_metadata } = authTest.parse(await web.auth.test());
  const granted = response_metadata?.scopes;
  return {
    bot: { userId: user_id, botId: bot_id ?? null, teamId: team_id ?? null, name: user || user_id },
    missingScopes: granted
      ? scopes.filter(([scope]) => !granted.includes(scope)).map(([scope, use]) => `${scope} (${use})`)
      : [],
  };
}
