import type { KnownNames } from "./known-names.ts";

/** Longest name shown in place of an id; Slack allows 80 characters. */
const MAX_NAME_LENGTH = 80;

/**
 * Makes readable what people wrote: `<@U…>` becomes a name, `<url|label>` an address, `&lt;` a `<`
 * (docs.slack.dev/messaging/formatting-message-text). The mention of `botUserId` is left out.
 */
export function plainText(slackText: string, botUserId: string, names: KnownNames): string {
  const withoutBot = withoutMention(slackText, botUserId);
  if (!withoutBot.includes("<") && !withoutBot.includes("&")) return withoutBot;
  return withoutBot.replace(
    /<([^<>]+)>|&(amp|lt|gt);/g,
    (whole, token: string | undefined, entity: string | undefined) =>
      token === undefined ? (entities[entity ?? ""] ?? whole) : readable(token, names),
  );
}

/** Whether a text mentions this user. */
export function mentions(slackText: string, userId: string): boolean {
  return slackText.includes(`<@${userId}>`) || slackText.includes(`<@${userId}|`);
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">" };

function withoutMention(text: string, userId: string): string {
  if (!mentions(text, userId)) return text;
  const mention = `<@${userId}(?:\\|[^<>]*)?>`;
  return text
    .replace(new RegExp(`^(?:\\s*${mention}[\\s,:]*)+`), "")
    .replace(new RegExp(`[^\\S\\n]*${mention}`, "g"), "")
    .trim();
}

/** What stands between `<` and `>`. */
function readable(token: string, names: KnownNames): string {
  const bar = token.indexOf("|");
  const target = decoded(bar === -1 ? token : token.slice(0, bar));
  const label = bar === -1 ? "" : decoded(token.slice(bar + 1));
  const id = target.slice(1);
  if (target.startsWith("@")) return `@${oneLine(names.user(id) ?? (label || id))}`;
  if (target.startsWith("#")) return `#${oneLine(label || (names.chat(id)?.name ?? id))}`;
  if (target.startsWith("!")) return command(id, label);
  return link(target, label);
}

/** `<!here>`, `<!subteam^S…|@group>`, `<!date^…|fallback>`. */
function command(name: string, label: string): string {
  if (name.startsWith("date^")) return label || name;
  const group = name.startsWith("subteam^") ? name.slice("subteam^".length) : name;
  const shown = label || group;
  return shown.startsWith("@") ? shown : `@${shown}`;
}

function link(address: string, label: string): string {
  const bare = address.replace(/^(?:mailto:|tel:)/, "");
  if (label === "" || label === address || label === bare) return bare;
  // Slack makes a link of a bare domain that somebody typed: `<http://example.com|example.com>`.
  if (address.replace(/^https?:\/\//, "").replace(/\/$/, "") === label.replace(/\/$/, "")) return address;
  return `${label} (${bare})`;
}

function decoded(text: string): string {
  return text.replace(/&(amp|lt|gt);/g, (whole, entity: string) => entities[entity] ?? whole);
}

function oneLine(name: string): string {
  return name.replace(/\s+/g, " ").slice(0, MAX_NAME_LENGTH).toWellFormed();
}
