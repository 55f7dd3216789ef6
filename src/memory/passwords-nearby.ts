/** Words for a password that say nothing else; what they name may stand before or behind them, in any wording. */
const word =
  /(?<![\p{L}\d])(?:passwords?|passwd|pwd?|pass ?phrases?|pass ?codes?|passw(?:o|ö)rt(?:er)?|kennwort|contraseña|wachtwoord|пароль)(?![\p{L}\d])/iu;
/** Letters and digits in one word: what people make passwords of, and hardly use otherwise. */
const mixed = /(?<![\w.@/-])(?=[\w!#$%^&*@-]*[a-z])(?=[\w!#$%^&*@-]*\d)[\w!#$%^&*@-]{6,64}(?![\w@/]|\.\w)/gi;
/** The names of things that passwords are kept in, hashed and sent with. */
const harmless =
  /^(?:1password|oauth\d?|base\d\d|argon2\w{0,2}|bcrypt\d?|pbkdf2|sha-?\d+|md5|aes-?\d+|ed25519|x509|utf-?\d+|ipv\d|http\d|tls\d?|saml\d?|fido2|webauthn\d?|office365|microsoft365|windows\d+|postgres(?:ql)?\d*|mysql\d*|python\d*|log4j\d?|web3|\d+(?:st|nd|rd|th|px|ms|min|days?|chars?|characters|bits?))$/i;
/** How far from the word it is looked for, in UTF-16 units, within the sentence. */
const WITHIN = 70;
const sentenceEnd = /[.!?]\s|\n/;
/** "my password to swordfish", "use swordfish as our password": told by the wording alone. */
const worded = [
  /\b(?:chang(?:e[ds]?|ing)|sets?|setting|resets?|switch(?:ed)?|updated?)\s+(?:\S{1,20}\s+){0,4}?(?:password|pass ?phrase|pass ?code|passwort)\s+(?:\S{1,20}\s+){0,3}?to\s+["'`]?(?!(?:something|one|a|an|the|my|our|be|make|keep|see|expire|avoid|prevent|unlock|open|access|log|enter|get|use|continue|connect|prove|confirm)\b)[^\s"'`]{4,200}/gi,
  /\bus(?:e|es|ed|ing)\s+["'`]?[^\s"'`]{4,200}["'`]?\s+as\s+(?:my|our|your|his|her|their)\s+(?:\S{1,20}\s+){0,2}?(?:password|pass ?phrase|pass ?code)\b(?!\s+(?:manager|policy|hash|vault|store|backend))/gi,
  /\b(?:password|pass ?phrase|pass ?code|passwort)\s+(?:\S{1,20}\s+){0,3}?(?:will|shall|should|would)\s+be\s+["'`]?(?=\S*\d)[^\s"'`]{4,200}/gi,
  /\b(?:pass|pw)\s*[:=]\s*["'`]?(?=\S*[\d!#$%^&*@])[^\s"'`]{4,200}/gi,
  /\b(?:code|combination)s?\s+(?:for|to|of)\s+(?:\S{1,20}\s+){0,3}?(?:gate|door|alarm|safe|building|garage|lock|entrance|lobby|house|office)(?:\s+(?:is|was)\s*|\s*[:=]\s*)#?(?=[\w-]*\d)[\w-]{3,40}/gi,
];

/** Where a text gives a password away without saying that it is one: a word of letters and digits beside a word for password. Offsets in UTF-16 units, in no order. */
export function passwordsNearby(text: string): readonly { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  const add = (from: number, length: number) => found.push({ from, to: from + length });
  for (const pattern of worded) for (const match of text.matchAll(pattern)) add(match.index, match[0].length);
  if (!word.test(text)) return found;
  for (const candidate of text.matchAll(mixed)) {
    const [start, end] = [candidate.index, candidate.index + candidate[0].length];
    if (!harmless.test(candidate[0]) && (isSaid(before(text, start)) || isSaid(behind(text, end))))
      add(start, end - start);
  }
  return found;
}

function before(text: string, start: number): string {
  return (
    text
      .slice(Math.max(0, start - WITHIN), start)
      .split(sentenceEnd)
      .at(-1) ?? ""
  );
}

function behind(text: string, end: number): string {
  return text.slice(end, end + WITHIN).split(sentenceEnd)[0] ?? "";
}

function isSaid(text: string): boolean {
  return word.test(text);
}
