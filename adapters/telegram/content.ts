import { cleanText, cutText } from "../../src/session/untrusted-text.ts";
import type { Content } from "./payload.ts";

/** Longest name, title or question within a description, in UTF-16 units. */
const MAX_PART_LENGTH = 300;
/** Entries of a poll or a checklist that are told: Telegram allows 12 and 30 (core.telegram.org/bots/api#poll). */
const MAX_ENTRIES = 30;

/** What is said in a message: its text, its caption, or in square brackets what it shows; empty for files alone and service messages. */
export function contentText(content: Content): string {
  return content.text ?? content.caption ?? description(content);
}

function description(content: Content): string {
  const { sticker, venue, location, contact, poll, dice, checklist, game } = content;
  if (sticker !== undefined) return bracketed("sticker", sticker.emoji);
  // A venue carries its location a second time.
  if (venue !== undefined) {
    return bracketed("location", [venue.title, venue.address, coordinates(venue.location)].filter(isSaid).join(", "));
  }
  if (location !== undefined) return bracketed("location", coordinates(location));
  if (contact !== undefined) {
    const name = [contact.first_name, contact.last_name].filter(isSaid).join(" ");
    return bracketed("contact", [name, contact.phone_number].filter(isSaid).join(", "));
  }
  if (poll !== undefined) return listing("poll", poll.question, poll.options);
  if (checklist !== undefined) return listing("checklist", checklist.title, checklist.tasks);
  if (dice !== undefined) return bracketed("dice", [dice.emoji, String(dice.value)].filter(isSaid).join(" "));
  if (game !== undefined) return bracketed("game", game.title);
  if (content.story !== undefined) return "[story]";
  return content.paid_media === undefined ? "" : "[paid media]";
}

function listing(what: string, title: string, entries: readonly { readonly text: string }[]): string {
  const lines = entries.slice(0, MAX_ENTRIES).map((entry) => `- ${oneLine(entry.text)}`);
  return [bracketed(what, title), ...lines].join("\n");
}

function bracketed(what: string, text: string | undefined): string {
  const line = oneLine(text ?? "");
  return line === "" ? `[${what}]` : `[${what} ${line}]`;
}

/** Somebody's words as one line that can't end the brackets around it. */
export function oneLine(text: string): string {
  return cutText(cleanText(text).replace(/[[\]]/g, ""), MAX_PART_LENGTH);
}

function coordinates({ latitude, longitude }: { readonly latitude: number; readonly longitude: number }): string {
  return `${latitude}, ${longitude}`;
}

function isSaid(part: string | undefined): part is string {
  return part !== undefined && part !== "";
}
