/** What Telegram makes of a text in HTML: the visible text, or what it finds wrong with the markup. */
export type ReadHtml =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "refused"; readonly description: string };

/** core.telegram.org/bots/api#html-style */
const ALLOWED = new Map<string, RegExp>([
  ["b", /^$/],
  ["strong", /^$/],
  ["i", /^$/],
  ["em", /^$/],
  ["u", /^$/],
  ["ins", /^$/],
  ["s", /^$/],
  ["strike", /^$/],
  ["del", /^$/],
  ["span", /^ class="tg-spoiler"$/],
  ["tg-spoiler", /^$/],
  ["tg-emoji", /^ emoji-id="\d+"$/],
  ["a", /^ href="[^"<>]*"$/],
  ["code", /^( class="language-[^"<>]*")?$/],
  ["pre", /^( class="language-[^"<>]*")?$/],
  ["blockquote", /^( expandable)?$/],
]);
const TAG = /^<(\/?)([a-z][a-z-]*)([^>]*)>/i;
const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };

/** Reads it as strictly as Telegram, and a little more so: no attribute but those that are documented. */
export function readHtml(html: string): ReadHtml {
  const open: string[] = [];
  let text = "";
  for (let at = 0; at < html.length; ) {
    const start = html.indexOf("<", at);
    text += decoded(html.slice(at, start === -1 ? html.length : start));
    if (start === -1) break;
    const [all, slash, rawName, attributes = ""] = TAG.exec(html.slice(start)) ?? [];
    const name = rawName?.toLowerCase();
    if (all === undefined || name === undefined) return refused(`Unsupported start tag "" at byte offset ${start}`);
    if (slash === "/") {
      if (open.pop() !== name) return refused(`Unmatched end tag at byte offset ${start}, found "</${name}>"`);
    } else {
      const rule = ALLOWED.get(name);
      if (rule === undefined || !rule.test(attributes)) {
        return refused(`Unsupported start tag "${name}" at byte offset ${start}`);
      }
      if (open.includes("code") || (open.includes("pre") && name !== "code")) {
        return refused(`Tag "${name}" can't be nested at byte offset ${start}`);
      }
      if (name === "blockquote" && open.includes(name)) return refused("Entities blockquote can't be nested");
      open.push(name);
    }
    at = start + all.length;
  }
  const left = open.at(-1);
  return left === undefined ? { kind: "text", text } : refused(`Can't find end tag corresponding to start tag ${left}`);
}

function refused(what: string): ReadHtml {
  return { kind: "refused", description: `can't parse entities: ${what}` };
}

function decoded(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:(lt|gt|amp|quot)|#(\d+)|#x([0-9a-f]+));?/gi, (all, name, decimal, hex) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? all;
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
  });
}
