/** What Telegram makes of a message in HTML. */
export interface ReadHtml {
  readonly text: string;
  readonly entityCount: number;
}

const token = /<(\/?)([a-z]+)((?:\s[^<>]*)?)>|&(lt|gt|amp|quot);|[^<>&]+|[<>&]/g;
const characters: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };
const attributes: Readonly<Record<string, RegExp>> = {
  a: /^ href="(?:https?:|mailto:|tg:)[^"<>\s]+"$/,
  code: /^(?: class="language-[\w+.#-]+")?$/,
};
const allowed = new Set(["b", "i", "u", "s", "a", "code", "pre", "blockquote"]);
const fixedWidth = new Set(["code", "pre"]);

/** Reads a message as strictly as core.telegram.org/bots/api#html-style describes it; throws for what it would refuse. */
export function readTelegramHtml(html: string): ReadHtml {
  const open: string[] = [];
  let text = "";
  let entityCount = 0;
  for (const [whole, slash, tag, attribute, name] of html.matchAll(token)) {
    if (name !== undefined) text += characters[name] ?? "";
    else if (tag === undefined) {
      if (/^[<>&]$/.test(whole)) throw new Error(`expected ${whole} to be escaped in ${html}`);
      text += whole;
    } else if (slash === "/") {
      if (open.pop() !== tag) throw new Error(`expected no </${tag}> here in ${html}`);
    } else {
      checkTag(tag, attribute ?? "", open);
      open.push(tag);
      entityCount += tag === "code" && open.at(-2) === "pre" ? 0 : 1;
    }
  }
  if (open.length > 0) throw new Error(`expected </${open.at(-1)}> at the end of ${html}`);
  return { text, entityCount };
}

function checkTag(tag: string, attribute: string, open: readonly string[]): void {
  const parent = open.at(-1);
  if (!allowed.has(tag)) throw new Error(`expected a tag Telegram knows, got <${tag}>`);
  if (!(attributes[tag] ?? /^$/).test(attribute))
    throw new Error(`expected other attributes than <${tag}${attribute}>`);
  if (attribute !== "" && tag === "code" && parent !== "pre") throw new Error("only a block of code has a language");
  if (open.some((outer) => fixedWidth.has(outer)) && !(tag === "code" && parent === "pre"))
    throw new Error(`expected nothing in code, got <${tag}>`);
  if (fixedWidth.has(tag) && open.some((outer) => outer !== "pre" && outer !== "blockquote"))
    throw new Error(`expected code in nothing but a quote, got it in ${open.join(" ")}`);
  if (open.includes(tag)) throw new Error(`expected <${tag}> not to be nested`);
}
