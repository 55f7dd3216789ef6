import assert from "node:assert/strict";
import { basename, isAbsolute } from "node:path";
import { test } from "node:test";
import { configMemory } from "../src/config-memory.ts";
import { loadText, problemsOf } from "./config/load-text.ts";
import { usualMemory } from "./support/usual-memory.ts";

const read = (text: string) => configMemory(loadText(text).config.memory);

test("an empty configuration has memory as it is usually", () => {
  assert.deepEqual(read("{}"), usualMemory);
});

test("each setting reaches the gateway in its own unit", () => {
  const rules = read(`
memory:
  enabled: false
  agent: main
  soft: 0.5
  hard: 0.9
  tailMessages: 30
  extraction: "off"
  hygiene: compat
  recallTokens: 0
  purgeAfterDays: never
  exportPurged: kept/purged
  hooks:
    - { name: notes, module: ./notes.ts }
    - { name: crm, events: [archive.written], url: "https://crm.example.org/parley" }
`);
  const { exportFolder, hooks, ...others } = rules;
  assert.deepEqual(others, {
    enabled: false,
    agent: "main",
    thresholds: { soft: 0.5, hard: 0.9 },
    tailMessages: 30,
    extracts: false,
    hygiene: "compat",
    recallTokens: 0,
    retentionMs: null,
  });
  assert.ok(exportFolder !== null && isAbsolute(exportFolder), "paths are those of the file");
  assert.match(exportFolder, /[\\/]kept[\\/]purged$/);
  assert.deepEqual(
    hooks.map(({ name, kinds, target }) => [
      name,
      kinds,
      target.kind === "module" ? basename(target.path) : target.url,
    ]),
    [
      ["notes", ["session.ended"], "notes.ts"],
      ["crm", ["archive.written"], "https://crm.example.org/parley"],
    ],
  );
});

test("a hygiene that is none, and a folder that is a list, are named as mistakes", () => {
  const problems = problemsOf("memory:\n  hygiene: loose\n  exportPurged: [here]\n");
  assert.deepEqual(
    problems.map(({ path }) => path),
    ["memory.hygiene", "memory.exportPurged"],
  );
});
