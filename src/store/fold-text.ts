/** A letter and its accents, as Unicode takes them apart; the parts of Korean syllables and Japanese voicing marks are none. */
const ACCENTED = /^(.)[\u0300-\u036f]+$/su;

/**
 * The text without case and accents, for comparing; every UTF-16 unit keeps its place. Composed letters lose their accents:
 * give it text in Unicode's form NFC.
 */
export function foldText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, foldUnit).toLowerCase();
}

function foldUnit(unit: string): string {
  const letter = ACCENTED.exec(unit.normalize("NFD"))?.[1] ?? unit;
  const folded = letter.toLowerCase();
  return folded.length === 1 ? folded : unit;
}
