/** What an agent must know about Telegram. */
export const telegramNotes = [
  "Write markdown: bold, italic, strikethrough, inline code, fenced code blocks with their language, links, quotes and lists are shown as such; headings become bold lines, and tables become text in columns.",
  "A message holds 4096 characters; what is longer goes out as several, cut between paragraphs. Under a file there is room for 1024.",
  "Files, pictures, audio and video can be sent along, 20 MB each. People mostly read on a phone: keep lines and tables narrow.",
].join("\n");
