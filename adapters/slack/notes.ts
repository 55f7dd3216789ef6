/** What an agent must know about Slack, for the context prompt. */
export const SLACK_NOTES = [
  "This is Slack. Markdown is shown formatted: headings, lists, tables, links and fenced code work.",
  "Call people by their names: nobody is notified by an answer, and an id such as <@U…> is shown as it is written.",
  "A conversation is a direct message, a channel or one thread; answers stay in the thread they belong to.",
  "Slash commands don't work inside threads: there people write a mention of the bot and then the command.",
].join(" ");
