/** What Discord shows of a message, and who is pinged by it. */
export interface ReadDiscord {
  readonly text: string;
  readonly pings: readonly string[];
}

const zeroWidth = /\u200b/g;
const crowd = /@everyone|@here|<@&\d+>/g;
// In the order in which Discord looks for them: fences, code, escapes, masked links, marks at line starts, marks.
const rules: readonly (readonly [pattern: RegExp, shown: (match: RegExpExecArray) => string])[] = [
  [/```(?:[\w+.#-]+\n)?\n*([\s\S]*?)\n*```/y, ([, code = ""]) => code],
  [/``(?!`)([\s\S]*?[^`])``(?!`)|`(?!`)([^`]+)`(?!`)/y, ([, double, single]) => double ?? single ?? ""],
  [/\\([^\w\s])/y, ([, character = ""]) => character],
  [/\[((?:\\.|[^\]\\])*)\]\((https?:\/\/[^\s()]+)\)/y, ([, label = ""]) => unescaped(label)],
  [/https?:\/\/[^\s<>]+/y, ([address]) => address],
  [/\*\*|~~|\|\||\*|__|_(?!\w)|(?<!\w)_/y, () => ""],
];

/** Reads a message as Discord's clients do. */
export function readDiscord(content: string): ReadDiscord {
  const pings: string[] = [];
  let text = "";
  let outside = "";
  for (let at = 0; at < content.length; ) {
    const found = rules.find(([pattern]) => {
      pattern.lastIndex = at;
      return pattern.test(content);
    });
    const match = found === undefined ? null : matchAt(found[0], content, at);
    if (found === undefined || match === null) {
      outside += content[at];
      text += content[at];
      at += 1;
    } else {
      text += found[1](match);
      outside += " ";
      at += match[0].length;
    }
  }
  for (const [ping] of outside.matchAll(crowd)) pings.push(ping);
  return { text: text.replace(zeroWidth, ""), pings };
}

function matchAt(pattern: RegExp, content: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(content);
}

function unescaped(label: string): string {
  return label.replace(/\\([^\w\s])/g, "$1").replace(/[*_~`]/g, "");
}
