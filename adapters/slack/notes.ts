/** What an agent must know about Slack, for the context prompt. */
export const SLACK_NOTES = [
  "This is Slack. Markdown is shown formatted: headings, lists, tables, links and fenced code work.",
  "Mention a person with their id, as <@U…>; a plain @name notifies nobody.",
  "A conversation is a direct message, a channel or one thread; answers stay in the thread they belong to.",
  "Slash commands don't work inside threads: there people write a mention of the bot and then the command.",
].join(" ");
