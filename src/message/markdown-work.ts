/** What may begin or end something anywhere: each costs the parser some 20 to 50 µs, a letter next to nothing. */
const ALWAYS = 1;
/** A line may begin a block, a row, an item. */
const LINE_END = 2;
/** What opens an item of a list, where white space follows. */
const BEFORE_SPACE = 3;
/** An address may begin, where it is behind the letter w. */
const DOT = 4;
const kinds = new Uint8Array(128);
for (const mark of "\t*_~`[]<>&!@:|\\") kinds[mark.charCodeAt(0)] = ALWAYS;
for (const mark of "\n\r") kinds[mark.charCodeAt(0)] = LINE_END;
for (const mark of "-+)") kinds[mark.charCodeAt(0)] = BEFORE_SPACE;
kinds[".".charCodeAt(0)] = DOT;

// Only what begins its line is code for certain: in a list or a quote it ends with them, in HTML it is none.
const fence = /^(`{3,}(?=[^`\r\n]*$)|~{3,})/;
const perhapsHtml = /^ {0,3}</m;

/** About how much work it is to parse a text, in marks that may mean something; a line of fenced code is one. Reads the text once. */
export function markdownWork(markdown: string): number {
  if (!markdown.includes("```") && !markdown.includes("~~~")) return marksIn(markdown);
  if (perhapsHtml.test(markdown)) return marksIn(markdown);
  let work = 0;
  let open: string | null = null;
  for (const line of markdown.split("\n")) {
    const marks = fence.exec(line)?.[0] ?? null;
    work += open === null && marks === null ? marksIn(line) + 1 : 1 + bareReturnsIn(line);
    if (open === null) open = marks;
    else if (marks?.startsWith(open) === true && line.slice(marks.length).trim() === "") open = null;
  }
  return work;
}

function marksIn(text: string): number {
  let marks = 0;
  for (let at = 0; at < text.length; at += 1) {
    const kind = kinds[text.charCodeAt(at)];
    if (kind === undefined || kind === 0) continue;
    if (kind === ALWAYS) marks += 1;
    else if (kind === LINE_END) marks += 2;
    else if (isSpace(text.charCodeAt(at + 1)) || (kind === DOT && isW(text.charCodeAt(at - 1)))) marks += 1;
  }
  return marks;
}

function isW(code: number): boolean {
  return code === 119 || code === 87;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

// They end lines as well.
function bareReturnsIn(line: string): number {
  return line.includes("\r") ? line.split("\r").length : 0;
}
