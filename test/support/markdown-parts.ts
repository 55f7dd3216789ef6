import fc from "fast-check";

const marks = [
  ..."*_`~[]()<>&#>|-+.!\\\"'@: \n\t1a\u00e9\u65e5".split(""),
  ...[
    "**",
    "__",
    "~~",
    "```",
    "~~~",
    "](",
    "](https://x.y)",
    "![",
    "\n\n",
    "> ",
    "- ",
    "1. ",
    "    ",
    "|-|",
    "\n|-|-|\n",
    "# ",
    "-# ",
  ],
  ...[
    "<b>",
    "<br>",
    "<@1>",
    "<!channel>",
    "<https://x.y>",
    "&amp;",
    "[^1]",
    "\n[^1]: ",
    "\n[a]: b\n",
    "@everyone",
    "word",
    "two words",
  ],
  ...["\u0000", "\ud83d", "\ufeff", "\r\n", "\u{1f469}\u200d\u{1f469}\u200d\u{1f467}"],
] as const;

/** Heaps of marks, words and control characters: markdown as nobody writes it. */
export const markdownParts: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...marks), { maxLength: 60 })
  .map((parts) => parts.join(""));
