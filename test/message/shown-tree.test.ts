import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MAX_PARSED_LENGTH } from "../../src/message/markdown.ts";
import { type ShownNode, shownTree } from "../../src/message/shown-tree.ts";
import { lettersOf, lostLetters, markdownCorpus, shownText } from "../support/markdown-corpus.ts";

const paragraph = (...children: ShownNode[]): ShownNode => ({ kind: "paragraph", children });
const link = (url: string, text: string, host: string | null = null): ShownNode => ({
  kind: "link",
  url,
  host,
  children: [text],
});
const item = (checked: boolean | null, ...children: ShownNode[]) => ({ checked, children });

const cases: readonly (readonly [markdown: string, tree: readonly ShownNode[]])[] = [
  ["one\ntwo\n\nthree", [paragraph("one\ntwo"), paragraph("three")]],
  [
    "**b** *i* ~~s~~ `c`",
    [
      paragraph(
        { kind: "strong", children: ["b"] },
        " ",
        { kind: "emphasis", children: ["i"] },
        " ",
        { kind: "delete", children: ["s"] },
        " ",
        { kind: "code", text: "c" },
      ),
    ],
  ],
  ["2*3*4", [paragraph("2", "*", "3", "*", "4")]],
  ["a  \nb<br>c", [paragraph("a", { kind: "break" }, "b", { kind: "break" }, "c")]],
  ["## Title", [{ kind: "heading", depth: 2, children: ["Title"] }]],
  ["> said", [{ kind: "quote", children: [paragraph("said")] }]],
  ["---", [{ kind: "rule" }]],
  ["```ts\nlet x = 1;", [{ kind: "codeBlock", text: "let x = 1;", language: "ts" }]],
  [
    "- a\n  1. b\n- [x] c\n- [ ] d",
    [
      {
        kind: "list",
        start: null,
        items: [
          item(null, "a", { kind: "list", start: 1, items: [item(null, "b")] }),
          item(true, "c"),
          item(false, "d"),
        ],
      },
    ],
  ],
  ["3. c\n\n4. d", [{ kind: "list", start: 3, items: [item(null, paragraph("c")), item(null, paragraph("d"))] }]],
  [
    "| a | b |\n|:-:|---|\n| 1 | `2` |",
    [
      {
        kind: "table",
        align: ["center", null],
        rows: [
          [["a"], ["b"]],
          [["1"], [{ kind: "code", text: "2" }]],
        ],
      },
    ],
  ],
  ["<img src=x onerror=alert(1)>", [paragraph("<img src=x onerror=alert(1)>")]],
  ["[a](https://example.org/x)", [paragraph(link("https://example.org/x", "a"))]],
  ["[a][b]\n\n[b]: https://example.org", [paragraph(link("https://example.org", "a"))]],
  ["https://www.example.org", [paragraph(link("https://www.example.org", "https://www.example.org"))]],
  ["www.example.org", [paragraph(link("http://www.example.org", "www.example.org"))]],
  ["ann@example.org", [paragraph(link("mailto:ann@example.org", "ann@example.org"))]],
  // What only looks like another place is said to lead where it leads.
  ["[bank.com](https://evil.example)", [paragraph(link("https://evil.example", "bank.com", "evil.example"))]],
  [
    "[https://bank.com/login](http://evil.example/bank.com)",
    [paragraph(link("http://evil.example/bank.com", "https://bank.com/login", "evil.example"))],
  ],
  [
    "[your bank](https://bank.com@evil.example)",
    [paragraph(link("https://bank.com@evil.example", "your bank", "evil.example"))],
  ],
  ["[write](javascript:alert(1))", [paragraph("write", " (javascript:alert(1))")]],
  ["[x](data:text/html,hi) [y](file:///etc)", [paragraph("x", " (data:text/html,hi)", " ", "y", " (file:///etc)")]],
  ["![cat](https://example.org/cat.png)", [paragraph(link("https://example.org/cat.png", "cat"))]],
];

for (const [markdown, tree] of cases) {
  test(`a page shows ${JSON.stringify(markdown)}`, () => {
    assert.deepEqual(shownTree(markdown), tree);
  });
}

test("a text that is too long to be parsed is one paragraph", () => {
  const text = `**a** ${"x ".repeat(MAX_PARSED_LENGTH / 2)}`;
  assert.deepEqual(shownTree(text), [paragraph(text)]);
});

test("no word is lost, whatever a model writes", () => {
  for (const { name, markdown } of markdownCorpus) {
    assert.equal(lostLetters(lettersOf(shownText(markdown)), lettersOf(wordsOf(shownTree(markdown)))), null, name);
  }
});

test("links lead nowhere but to the web and to mail", () => {
  const schemes = [
    "javascript:",
    "JaVaScRiPt:",
    "data:",
    "vbscript:",
    "blob:",
    "//",
    "https:",
    "mailto:",
    "&#106;avascript:",
  ];
  fc.assert(
    fc.property(fc.constantFrom(...schemes), fc.string({ unit: "binary" }), (scheme, rest) => {
      for (const url of linksOf(
        shownTree(`[a](<${scheme}${rest}>) [b](${scheme}${rest}) <${scheme}${rest}> ${scheme}${rest}`),
      )) {
        assert.match(URL.parse(url)?.protocol ?? "none", /^(?:https?|mailto):$/, url);
      }
    }),
    { numRuns: 40 },
  );
});

function linksOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = "url" in value && typeof value.url === "string" ? [value.url] : [];
  return [...own, ...Object.values(value).flatMap(linksOf)];
}

function wordsOf(tree: readonly ShownNode[]): string {
  return tree
    .map((node) => {
      if (typeof node === "string") return node;
      switch (node.kind) {
        case "code":
          return node.text;
        case "codeBlock":
          return `${node.language ?? ""} ${node.text}`;
        case "list":
          return node.items.map(({ children }) => wordsOf(children)).join("\n");
        case "table":
          return node.rows.flat().map(wordsOf).join("\n");
        case "break":
        case "rule":
          return "\n";
        case "link":
          return `${wordsOf(node.children)} ${node.url}`;
        default:
          return wordsOf(node.children);
      }
    })
    .join("");
}
