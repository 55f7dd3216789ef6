import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { test } from "node:test";
import { clockComplaints } from "../scripts/architecture/clock-rule.ts";
import { fileComplaints, MAX_LINES } from "../scripts/architecture/file-rule.ts";
import { importComplaints, type SourceFile } from "../scripts/architecture/import-rule.ts";
import { parts } from "../scripts/architecture/parts.ts";
import { tokensOf } from "../scripts/architecture/tokens.ts";

const root = join(import.meta.dirname, "..");
/** Fewer files than this, and the walk itself is broken. */
const MIN_FILES = 10;

function sourceFiles(folder: string): readonly SourceFile[] {
  const paths = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((path) => join(folder, path).split(sep).join("/"))
    // The page's scripts run in browsers, and fixtures are other people's files.
    .filter(
      (path) => path.endsWith(".ts") && !path.startsWith("src/console/page/") && !path.startsWith("test/fixtures/"),
    );
  return paths.sort().map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

const program = ["src", "adapters", "config"].flatMap(sourceFiles);
const everything = [...program, ...sourceFiles("test"), ...sourceFiles("scripts"), ...sourceFiles("bench")];

test("the source is found", () => {
  assert.ok(program.length >= MIN_FILES, `found ${program.length} modules`);
  for (const folder of ["src/session", "src/store", "src/observe"]) {
    assert.ok(
      program.some(({ path }) => path.startsWith(`${folder}/`)),
      `found nothing in ${folder}`,
    );
  }
});

test("every part imports only parts above it and the packages it may use", () => {
  assert.deepEqual(program.flatMap(importComplaints), []);
});

test("only the clock reads the time, sets timers and draws random numbers", () => {
  assert.deepEqual(program.flatMap(clockComplaints), []);
});

test("every file has a name that says what it does, and a size that one sitting takes in", () => {
  assert.deepEqual(everything.flatMap(fileComplaints), []);
});

test("every adapter's folder is a part of its own", () => {
  const folders = readdirSync(join(root, "adapters"), { withFileTypes: true }).map(({ name }) => `adapters/${name}`);
  for (const folder of folders)
    assert.ok(
      parts.some(({ path }) => path === folder),
      `${folder} is missing in parts.ts`,
    );
});

/** path, source, what the import rule says (a part of it; null when all is well). */
const importTable: readonly (readonly [path: string, text: string, complaint: RegExp | null])[] = [
  ["src/store/a.ts", 'import { x } from "../session/key.ts";', null],
  ["src/store/a.ts", 'import { x } from "./b.ts";', null],
  [
    "src/session/a.ts",
    'import { x } from "../store/b.ts";',
    /a\.ts:1: imports src\/store\/b\.ts, which stands below src\/session/,
  ],
  ["src/session/a.ts", '\n\nimport type { X } from "../store/b.ts";', /a\.ts:3: .*below/],
  ["src/session/a.ts", 'export * from "../store/b.ts";', /below/],
  ["src/session/a.ts", 'export { x } from "../store/b.ts";', /below/],
  ["src/session/a.ts", 'import "../store/b.ts";', /below/],
  ["src/session/a.ts", 'const x = await import("../store/b.ts");', /below/],
  ["src/session/a.ts", 'type X = import("../store/b.ts").X;', /below/],
  ["src/session/a.ts", 'const x = require("../store/b.ts");', /below/],
  ["src/session/a.ts", "const x = await import(name);", /computed path/],
  ["src/session/a.ts", "const x = await import(`./${name}.ts`);", /computed path/],
  ["src/session/a.ts", 'const x = `${await import("../store/b.ts")}`;', /below/],
  ["src/session/a.ts", 'const x = /[/"]/; import "../store/b.ts";', /below/],
  [
    "src/session/a.ts",
    '// import "../store/b.ts"\n/* import "../store/b.ts" */ const x = `import "../store/b.ts"`;',
    null,
  ],
  ["src/session/a.ts", 'const text = \'import "../store/b.ts"\'; const o = { from: "../store/b.ts" };', null],
  ["src/session/a.ts", 'const url = import.meta.url; Array.from("kysely");', null],
  ["src/gateway/a.ts", 'import { x } from "../../adapters/web/adapter.ts";', /below src\/gateway/],
  ["adapters/web/a.ts", 'import { x } from "../local/b.ts";', /an adapter never imports another/],
  ["adapters/local/a.ts", 'import { x } from "../web/b.ts";', /an adapter never imports another/],
  ["adapters/web/a.ts", 'import { x } from "../../src/platform/adapter.ts";', null],
  ["src/main.ts", 'import { x } from "../adapters/web/adapter.ts";', null],
  ["src/cli/a.ts", 'import { x } from "../main.ts";', null],
  ["src/main.ts", 'import { x } from "./cli/main.ts";', /below src\/main\.ts/],
  ["src/store/a.ts", 'import { x } from "../../test/support/b.ts";', /belongs to no part/],
  ["src/store/a.ts", 'import { sql } from "kysely"; import { z } from "zod/v4";', null],
  ["src/gateway/a.ts", 'import { sql } from "kysely";', /imports kysely, src\/gateway may use only zod/],
  ["src/clock/a.ts", 'import { z } from "zod";', /may use only none/],
  ["src/console/a.ts", 'import { serve } from "@hono/node-server/x";', null],
  ["src/cli/a.ts", 'import { Hono } from "hono";', /imports hono/],
  ["src/store/a.ts", 'import fs from "fs";', /imports fs/],
  ["src/store/a.ts", 'import fs from "node:fs/promises";', null],
  ["src/session/a.ts", 'import { createHash } from "node:crypto";', null],
  ["src/session/a.ts", 'import fs from "node:fs";', /may use only crypto of Node/],
  ["src/store/a.ts", 'import { setTimeout as sleep } from "node:timers/promises";', /expected src\/clock/],
  ["src/console/a.ts", 'import { createServer } from "node:http";', /expected src\/node-http\.ts instead/],
  ["src/node-http.ts", 'export type { Server } from "node:http";', null],
  ["src/nowhere/a.ts", "", /expected a file of one of the parts/],
];

for (const [path, text, complaint] of importTable) {
  test(`the import rule ${complaint === null ? "allows" : "refuses"} ${JSON.stringify(text)} in ${path}`, () => {
    const found = importComplaints({ path, text });
    if (complaint === null) assert.deepEqual(found, []);
    else assert.match(found.join("\n"), complaint);
  });
}

const clockTable: readonly (readonly [text: string, uses: string | null, path?: string])[] = [
  ["const at = Date.now();", "Date.now"],
  ["const at = Date\n  .now();", "Date.now"],
  ["const now = Date.now;", "Date.now"],
  ["const at = new Date();", "new Date()"],
  ["const at = new Date(nowMs);", null],
  ["const at = Math.random();", "Math.random"],
  ["const at = performance.now();", "performance.now"],
  ["const at = process.hrtime.bigint();", "process.hrtime"],
  ["setTimeout(f, 1);", "setTimeout"],
  ["globalThis.setInterval(f, 1);", "setInterval"],
  ["socket.setTimeout(1000);", null],
  ["AbortSignal.timeout(5);", "AbortSignal.timeout"],
  ["const id = crypto.randomUUID();", "randomUUID"],
  ['import { randomBytes } from "node:crypto";', "randomBytes"],
  ["setImmediate(f);", "setImmediate"],
  ["setImmediate(f);", null, "src/store/writer.ts"],
  ["const x = `${Date.now()}`;", "Date.now"],
  ["const half = total / 2; const x = Date.now() / 2;", "Date.now"],
  ["const x = `a` / 2; Date.now(); /`/;", "Date.now"],
  ["/** Date.now() */ // setTimeout(f)\nconst x = 'Date.now()' + `Math.random() \\` setTimeout()`;", null],
  ["const x = /Date.now()/.test(y);", null],
  ["Date.now(); setTimeout(f, 1); randomBytes(4);", null, "src/clock/clock.ts"],
];

for (const [text, uses, path = "src/gateway/a.ts"] of clockTable) {
  test(`the clock rule ${uses === null ? "allows" : "refuses"} ${JSON.stringify(text)} in ${path}`, () => {
    const found = clockComplaints({ path, text });
    if (uses === null) assert.deepEqual(found, []);
    else assert.match(found.join("\n"), new RegExp(`uses ${uses.replace(/[.()]/g, "\\$&")}, expected`));
  });
}

const fileTable: readonly (readonly [path: string, complaint: RegExp | null])[] = [
  ["src/store/writer.ts", null],
  ["src/index.ts", null],
  ["test/store/writer.test.ts", null],
  ["src/store/database.ts", null],
  ["src/store/index.ts", /barrel/],
  ["src/store/sql-utils.ts", /"utils"/],
  ["src/store/helper.ts", /"helper"/],
  ["src/lib/writer.ts", /"lib"/],
  ["src/gateway/session-manager.ts", /"manager"/],
  ["src/gateway/event-handlers.ts", /"handlers"/],
  ["src/gateway/baseAdapter.ts", /kebab-case/],
];

for (const [path, complaint] of fileTable) {
  test(`the file rule ${complaint === null ? "allows" : "refuses"} the name ${path}`, () => {
    const found = fileComplaints({ path, text: "" });
    if (complaint === null) assert.deepEqual(found, []);
    else assert.match(found.join("\n"), complaint);
  });
}

test("the file rule refuses the first line too many", () => {
  assert.deepEqual(fileComplaints({ path: "src/store/a.ts", text: "x\n".repeat(MAX_LINES) }), []);
  assert.match(fileComplaints({ path: "src/store/a.ts", text: "x\n".repeat(MAX_LINES + 1) }).join(), /has 301 lines/);
});

test("tokens keep their line across comments, strings and templates", () => {
  const tokens = tokensOf('/*\n*/ a\n`x\n${b /* \n */}\n`; c "d\\"" // e\nf');
  assert.deepEqual(
    tokens.filter(({ kind }) => kind !== "mark").map(({ text, line }) => [text, line]),
    [
      ["a", 2],
      ["b", 4],
      ["c", 6],
      ['d\\"', 6],
      ["f", 7],
    ],
  );
});
