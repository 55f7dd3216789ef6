/** What an agent is told about Discord. */
export const notes = [
  "Replies are shown in Discord's markdown: bold, italic, strikethrough, inline code, fenced code blocks with a language,",
  "quotes, lists, headings of levels 1 to 3, masked links and ||spoilers|| work; tables and images in the text do not.",
  "To name somebody, write <@USER_ID> with the id from the context: it is shown as their name. Only whom you answer is alerted.",
  "A message may have 2000 characters: longer answers are cut into several.",
].join(" ");
