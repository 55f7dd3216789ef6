/** One token of TypeScript source, as far as the rules need to see it. */
export interface Token {
  readonly kind: "word" | "string" | "mark";
  /** The word or the mark itself; of a string what stands between its quotes, escapes unread. */
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
}

/** Words after which a `/` begins a regular expression; after any other word it divides. */
const WORDS_BEFORE_REGEX = new Set([
  "return",
  "typeof",
  "case",
  "in",
  "of",
  "do",
  "else",
  "void",
  "delete",
  "await",
  "yield",
]);

/** Marks that end a value, so that a `/` after them divides; a closed template and a regular expression leave one too. */
const MARKS_AFTER_VALUE = new Set([")", "]", "}", "`", "//"]);

const comment = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const quoted = /"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'/y;
const regex = /\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const word = /[\p{L}\p{N}_$#]+/uy;
const templateText = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y;

/** Cuts source into words, strings and marks, leaving out comments, regular expressions and the text of templates. */
export function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  const braces: ("block" | "template")[] = [];
  let at = 0;
  let line = 1;

  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0];
    if (found === undefined || found === "") return null;
    at += found.length;
    line += found.split("\n").length - 1;
    return found;
  };
  const mark = (text: string) => {
    tokens.push({ kind: "mark", text, line });
    at += text.length;
  };
  const takeTemplate = () => {
    take(templateText);
    if (source[at] === "`") mark("`");
    else if (at < source.length) {
      mark("${");
      braces.push("template");
    }
  };
  const regexMayFollow = () => {
    const last = tokens.at(-1);
    if (last === undefined) return true;
    return last.kind === "word"
      ? WORDS_BEFORE_REGEX.has(last.text)
      : last.kind === "mark" && !MARKS_AFTER_VALUE.has(last.text);
  };

  while (at < source.length) {
    const character = source[at] ?? "";
    const startLine = line;
    if (character === "\n") line += 1;
    if (/\s/.test(character)) at += 1;
    else if (take(comment) !== null) continue;
    else if (character === '"' || character === "'") {
      const text = take(quoted);
      if (text === null) mark(character);
      else tokens.push({ kind: "string", text: text.slice(1, -1), line: startLine });
    } else if (character === "`") {
      at += 1;
      takeTemplate();
    } else if (character === "/" && regexMayFollow() && take(regex) !== null) {
      tokens.push({ kind: "mark", text: "//", line: startLine });
    } else if (character === "{") {
      braces.push("block");
      mark("{");
    } else if (character === "}") {
      if (braces.pop() === "template") {
        at += 1;
        takeTemplate();
      } else mark("}");
    } else {
      const text = take(word);
      if (text === null) mark(character);
      else tokens.push({ kind: "word", text, line: startLine });
    }
  }
  return tokens;
}
