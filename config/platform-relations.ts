import { type BotTree, botTrees } from "./bot-trees.ts";
import { type PlatformName, platformsSection, TOKEN_FIELDS } from "./platforms.ts";
import { type Problem, problemMessage } from "./problems.ts";
import { factsOf, schemaAt } from "./shape.ts";
import { pathText, type Tree, valueAt } from "./tree.ts";

/** Fields that one bot needs because of what another says, and bots of one platform that are in each other's way. */
export function platformProblems(tree: Tree): readonly Problem[] {
  return [
    ...tokenProblems(tree, "telegram"),
    ...tokenProblems(tree, "discord"),
    ...tokenProblems(tree, "slack"),
    ...botTrees(tree, "telegram").flatMap(telegramProblems),
    ...botTrees(tree, "slack").flatMap(slackProblems),
    ...sharedProblems(botTrees(tree, "telegram"), "token", () => true),
    ...sharedProblems(botTrees(tree, "telegram"), "webhookUrl", ({ fields }) => fields.mode === "webhook"),
    ...sharedProblems(botTrees(tree, "discord"), "token", () => true),
    ...sharedProblems(botTrees(tree, "slack"), "botToken", () => true),
    ...sharedProblems(botTrees(tree, "slack"), "appToken", ({ fields }) => fields.mode !== "http"),
  ];
}

/** A section is a bot, or has some. */
function tokenProblems(tree: Tree, platform: PlatformName): readonly Problem[] {
  const field = TOKEN_FIELDS[platform];
  const bots = botTrees(tree, platform);
  const own = bots.find(({ isSections }) => isSections);
  if (own === undefined) return [];
  if (bots.some(({ account, isSections }) => account === own.account && !isSections)) {
    const path = pathText([...own.path, "accounts", own.account]);
    const advice = `The section's own ${field} is the account of that name: rename this one, or remove one of the two.`;
    return [{ path, message: problemMessage("another name", JSON.stringify(own.account), advice) }];
  }
  if (own.fields[field] !== undefined) return [];
  const platforms = valueAt(tree, ["platforms"]);
  const schema = schemaAt(platformsSection, platforms, [platform, field]);
  const { expected = "a token", advice = null } = schema === null ? {} : factsOf(schema, undefined);
  return [{ path: pathText([...own.path, field]), message: problemMessage(expected, "nothing", advice) }];
}

function telegramProblems({ path, fields }: BotTree): readonly Problem[] {
  if (fields.mode !== "webhook") return [];
  const why = 'webhook mode needs it; make one with "openssl rand -hex 32".';
  return [
    ...needs(path, fields, "webhookUrl", "a public address", "webhook mode needs it; or use mode: polling."),
    ...needs(path, fields, "webhookSecret", "1 to 256 letters, digits, _ and -", why),
  ];
}

function slackProblems({ path, fields }: BotTree): readonly Problem[] {
  if (fields.mode === "http") {
    const why = "http mode needs it; find it under Basic Information → App Credentials.";
    return needs(path, fields, "signingSecret", "the app's signing secret", why);
  }
  const why = "Create one under Basic Information → App-Level Tokens; or set SLACK_APP_TOKEN.";
  return needs(path, fields, "appToken", 'a token that starts with "xapp-"', why);
}

function needs(path: readonly string[], fields: Tree, key: string, expected: string, why: string): readonly Problem[] {
  if (fields[key] !== undefined) return [];
  return [{ path: pathText([...path, key]), message: problemMessage(expected, "nothing", why) }];
}

/** Two connections with one token, or one address for two bots: each gets a part of what is meant for the other. */
function sharedProblems(
  bots: readonly BotTree[],
  field: string,
  matters: (bot: BotTree) => boolean,
): readonly Problem[] {
  const concerned = bots.filter((bot) => bot.fields[field] !== undefined && matters(bot));
  return concerned.flatMap((bot, place) => {
    const first = concerned.findIndex((other) => other.fields[field] === bot.fields[field]);
    const other = concerned[first];
    if (other === undefined || first === place) return [];
    const got = `that of the account ${JSON.stringify(other.account)}`;
    const message = problemMessage("one that no other bot has", got, "The two would take each other's messages.");
    return [{ path: pathText([...bot.path, field]), message }];
  });
}
