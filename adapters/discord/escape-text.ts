/** Invisible, and enough to make a mention or a fence none. */
const ZERO_WIDTH_SPACE = "\u200b";

// Discord's own notations that an answer may use on purpose: a person, a channel, a custom emoji, a time
// (discord.com/developers/docs/reference#message-formatting).
const ownNotation = /^<(?:@!?\d{1,20}|#\d{1,20}|a?:\w{2,32}:\d{1,20}|t:-?\d{1,13}(?::[a-zA-Z])?)>/;

const suspicious = /[\\*_`~|<@[]/g;
const punctuation = /^[!-/:-@[-`{-~]/;
const word = /[\p{L}\p{N}_]/u;

/** Text in which Discord finds no markup and pings no crowd; its notations for people, channels, emoji and times stay. */
export function escapeText(value: string): string {
  let escaped = "";
  let done = 0;
  suspicious.lastIndex = 0;
  for (let match = suspicious.exec(value); match !== null; match = suspicious.exec(value)) {
    const at = match.index;
    const notation = match[0] === "<" ? ownNotation.exec(value.slice(at, at + MAX_NOTATION_LENGTH))?.[0] : undefined;
    const length = notation?.length ?? 1;
    escaped += value.slice(done, at) + (notation ?? escapedMark(match[0], value, at));
    done = at + length;
    suspicious.lastIndex = done;
  }
  return escaped + value.slice(done);
}

/** Longest of Discord's own notations, in UTF-16 units. */
const MAX_NOTATION_LENGTH = 64;

function escapedMark(mark: string, value: string, at: number): string {
  const before = value[at - 1] ?? "";
  const after = value[at + 1] ?? "";
  switch (mark) {
    case "\\":
      return after === "" || punctuation.test(after) ? "\\\\" : mark;
    case "*":
      return before.trim() === "" && after === " " ? mark : `\\${mark}`;
    case "_":
      // Within a word it means nothing to Discord: snake_case_names stay as they are.
      return before !== "_" && after !== "_" && word.test(before) && word.test(after) ? mark : `\\${mark}`;
    case "~":
    case "|":
      return before === mark || after === mark ? `\\${mark}` : mark;
    case "<":
      return /^[@#:/\w]/.test(after) ? `\\${mark}` : mark;
    case "@":
      return isCrowd(value, at) ? `${mark}${ZERO_WIDTH_SPACE}` : mark;
    default:
      return `\\${mark}`;
  }
}

function isCrowd(value: string, at: number): boolean {
  return value.startsWith("@everyone", at) || value.startsWith("@here", at) || value.startsWith("@&", at);
}

const blockAtStart = /^([ \t]*)(#{1,3}(?=\s|$)|-#(?=\s|$)|>(?=\s|$)|>>>(?=\s|$)|[-+](?=\s|$)|\*(?=\s|$))/gm;

/** Lines of a paragraph of which none begins a heading, a quote, a list or small print. */
export function escapeLineStarts(lines: string): string {
  return lines.replace(blockAtStart, "$1\\$2");
}

/** Code that can't end its own fence: Discord knows none longer than three. */
export function escapeFences(code: string): string {
  return code.replaceAll("```", `\`${ZERO_WIDTH_SPACE}\`${ZERO_WIDTH_SPACE}\``);
}
