const password = [
  [
    "passwords?",
    "passwd",
    "pwd",
    "pass ?phrase",
    "pass ?code",
    "passwort",
    "kennwort",
    "passwörter",
    "contrase(?:ñ|n)a",
  ],
  [
    "mot de passe",
    "senha",
    "wachtwoord",
    "l(?:ö|o)senord",
    "has(?:ł|l)o",
    "пароль",
    "пароля",
    "şifre",
    "parola",
    "credentials?",
  ],
  ["creds", "log-?in(?: details| data)?", "zugangsdaten"],
].flat();
const words = `(?<![\\p{L}\\d])(?:${password.join("|")})(?![\\p{L}\\d])`;
/** "for the guest network", between the word and its value. */
const whose = "(?:\\s+(?:for|to|of|on|at|zu|zum|für|von|vom|de|del|para|pour)(?:\\s+[^\\s:=]{1,40}){1,5}?)?";
const says =
  "(?:\\s+(?:is|was|are|ist|war|lautet|es|est|é|är|jest|это)(?![\\p{L}\\d])(?:\\s+now)?\\s*:?|\\s*(?::|=|->|=>|\\u2192)+)";

const told = new RegExp(`${words}${whose}${says}\\s*(["'\`]?[^\\s"'\`]{1,200})`, "giu");
/** "password hunter2": without a verb only what has a digit or a sign in it. */
const bare = new RegExp(`${words}\\s+["'\`]?(?=[^\\s"'\`]*[\\d!#$%^&*@])[^\\s"'\`]{4,200}`, "giu");
const turned =
  /([^\s"'`]{3,200})["'`]?\s+(?:is|was|ist)\s+(?:my|the|his|her|their|our|your|mein|unser|das)\s+(?:[^\s]{1,30}\s+){0,3}?(?:password|pass ?phrase|pass ?code|passwort|pin)\b(?!\s+(?:manager|policy|reset|rule|field|form|hash|vault|store))/giu;
const cjk =
  /(?:密码|密碼|口令|パスワード|暗証番号|비밀번호|암호)\s*(?:是|为|為|は|が|는|은|이|:|=)?\s*["'`「]?[\x21-\x7e]{4,200}/gu;

/** After "the password is": words that begin a sentence about it, and are hardly one. */
const about = new Set(
  (
    "required optional needed necessary mandatory stored kept saved reset rotated changed managed shared protected sent asked set " +
    "not never always in on at by per only for to with from hashed encrypted wrong invalid incorrect missing expired unknown " +
    "forgotten too weak strong disabled enabled being no empty safe checked cached handled generated provided used written " +
    "longer shorter case minimum up supposed going still also erforderlich nötig gespeichert nicht im in"
  ).split(" "),
);
/** A word with letters and digits, as the value that comes late: "the password is always hunter2". */
const late = /(?<![\w-])(?=[\w!#$%^&*@-]*[a-z])(?=[\w!#$%^&*@-]*\d)[\w!#$%^&*@-]{5,}/i;
/** How far behind the word it is looked for. */
const LATE_WITHIN = 60;

const weak = [
  /\b(?:(?:api|access|secret|private|signing|encryption|auth|authentication|authorization|bearer|refresh|session|client|license|deploy|bot)[ _-]?)?(?:key|token|secret|apikey)\b(?:\s+(?:for|to|of)(?:\s+[^\s:=]{1,40}){1,4}?)?(?:\s+(?:is|was|ist)\s*:?|\s*[:=]+)\s*["'`]?(?:(?=[^\s"'`]*\d)(?=[^\s"'`]*[a-z])[^\s"'`]{8,200}|[^\s"'`]{20,200})/gi,
  /\b(?:verification|security|recovery|backup|login|access|2fa|mfa|otp|tan|confirmation|one-time|gate|door|alarm|entry|safe|unlock|activation|sms)[ -](?:codes?|pin)(?:\s+(?:for|to|of)(?:\s+[^\s:=]{1,40}){1,4}?)?\s*(?:is|are|was|:|=)?\s*#?(?=[\w-]*\d)[\w-]{3,40}/gi,
  /\b(?:pin|tan|otp|puk)(?:[ -]?(?:code|number|nummer))?(?:\s+(?:for|to|of|für)(?:\s+[^\s:=]{1,40}){1,4}?)?\s*(?:is|was|ist|lautet|:|=)?\s*\d{4,8}\b/gi,
  /\b(?:cvv2?|cvc2?|csc)\b\s*(?:is|was|:|=)?\s*\d{3,4}\b/gi,
  /\b(?:seed|recovery|mnemonic|backup|wallet)[ -](?:phrase|words|seed)\b(?:\s+(?:for|to|of)(?:\s+[^\s:=]{1,40}){1,4}?)?\s*(?:is|are|was|:|=)\s*(?:[a-z]{3,10}[\s,]+){5,}[a-z]{3,10}/gi,
  /\b[A-Z][A-Z0-9_]{0,60}(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|CREDENTIALS?)[A-Z0-9_]{0,20}\s*[=:]\s*["'`]?[^\s"'`]{4,200}/g,
];

/** Where a text says a secret in so many words, from the word for it to its end: offsets in UTF-16 units, in no order. */
export function spokenSecrets(text: string): readonly { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  const add = (match: RegExpExecArray, more = 0) =>
    found.push({ from: match.index, to: match.index + match[0].length + more });
  for (const match of text.matchAll(told)) {
    const value = (match[1] ?? "").toLowerCase().replace(/[.,;!?)]+$/, "");
    if (!about.has(value)) add(match);
    else {
      const end = match.index + match[0].length;
      const rest = late.exec(text.slice(end, end + LATE_WITHIN));
      if (rest !== null) add(match, rest.index + rest[0].length);
    }
  }
  for (const match of text.matchAll(turned)) {
    if (!/^(?:what|which|this|that|it|here|there|who|whose|where|resetting|changing|only)$/i.test(match[1] ?? ""))
      add(match);
  }
  for (const pattern of [bare, cjk, ...weak]) for (const match of text.matchAll(pattern)) add(match);
  return found;
}
