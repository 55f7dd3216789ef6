import fc from "fast-check";

/** Longest repetition, in UTF-16 units: as long as the longest message. */
const MAX_LENGTH = 64 * 1024;

/** What parsers trip over: ends of quotations, escapes, controls, invisible and half characters, paths, other notations. */
const PIECES: readonly string[] = [
  ..."\\\"'`<>[](){}|:;,.%@#&*_~-+=/!?$^ \n\r\t\u0000\u001b\u007f\u0085\u2028\u2029\u200b\u202e\u2066\ufeff\ud800\udfff0a\u00df\u0130\u65e5".split(
    "",
  ),
  ...[
    "../",
    "..\\",
    "/etc/passwd",
    "C:\\",
    "CON",
    "\u001b[2J",
    "\u001b]0;x\u0007",
    "%2e%2e%2f",
    "%00",
    "\u{1f468}\u200d\u{1f469}",
    "\u{e0041}",
  ],
  ...[
    "__proto__",
    "constructor",
    "null",
    "NaN",
    "-0",
    "1e999",
    "9007199254740993",
    "true",
    "{}",
    "[[[[",
    "&a [*a",
    "!!js/function x",
  ],
  ...[
    "<@1>",
    "<!channel>",
    "@everyone",
    "@here",
    "<@&1>",
    "tg://user?id=1",
    "javascript:x",
    "data:text/html,x",
    "https://a@b/",
    "[a](https://b)",
    "```",
    "|-|",
  ],
  ...[
    "agent:main:telegram:dm:1",
    "telegram:1:2",
    "every 2h",
    "0 9 * * 1-5",
    "tomorrow at 9",
    "/pair approve ",
    "data: ",
    "event: x",
    "\n\n",
  ],
];

const piece = fc.constantFrom(...PIECES);

/** Text that was made to be misread. */
export const oddText: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(fc.oneof(piece, fc.string({ unit: "binary" })), { maxLength: 30 }).map((all) => all.join("")),
  },
  { weight: 2, arbitrary: fc.array(piece, { maxLength: 60 }).map((all) => all.join("")) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
);

/** The same, and now and then a few pieces said again and again: where time grows with the square of the length, it shows. */
export const oddLongText: fc.Arbitrary<string> = fc.oneof(
  { weight: 20, arbitrary: oddText },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.array(piece, { minLength: 1, maxLength: 3 }), fc.nat(MAX_LENGTH)).map(([pieces, length]) => {
      const unit = pieces.join("");
      return unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
    }),
  },
);

/** Any JSON, with odd texts as names and values. */
export const oddJson: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(oddText, fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(oddText, tie("value"), { maxKeys: 5 }),
  ),
})).value;

/** One of these values with a few things in it replaced, left out, doubled or swapped. */
export function mutated(originals: readonly unknown[]): fc.Arbitrary<unknown> {
  const change = fc.record({
    at: fc.nat(10_000),
    how: fc.constantFrom("replace", "drop", "list", "nest"),
    by: oddJson,
  });
  return fc
    .tuple(fc.constantFrom(...originals), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([original, changes]) => changes.reduce(changed, original));
}

function changed(
  value: unknown,
  { at, how, by }: { readonly at: number; readonly how: string; readonly by: unknown },
): unknown {
  let left = at % Math.max(1, sizeOf(value));
  const walk = (node: unknown): unknown => {
    if (left-- === 0)
      return how === "replace" ? by : how === "list" ? [node, by] : how === "nest" ? { value: node } : undefined;
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== "object" || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([name, inner]) => [name, walk(inner)]));
  };
  return walk(value);
}

function sizeOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce((sum: number, inner) => sum + sizeOf(inner), 1);
}
