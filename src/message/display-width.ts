// Marks that stand on the character before them, and characters that take no room at all.
const narrowless = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
// Ideographs, kana, Hangul, full-width forms and emoji take two columns.
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u;
// Most cells of a table.
const ascii = /^[\x20-\x7e]*$/;

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** How many columns a text takes in a fixed-width font: a joined sequence of emoji is one emoji, as chat programs draw it. */
export function displayWidth(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}

function graphemeWidth(grapheme: string): number {
  // U+FE0F asks for the coloured form of a character that is narrow without it.
  if (grapheme.includes("\ufe0f")) return 2;
  for (const character of grapheme) if (!narrowless.test(character)) return characterWidth(character);
  return 0;
}

/** How many columns one character takes by itself: 0, 1 or 2. */
export function characterWidth(character: string): number {
  if (narrowless.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
