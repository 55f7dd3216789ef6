import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "..");

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

for (const page of ["ARCHITECTURE.md", "docs/reliability.md", "docs/security.md"]) {
  test(`every test that ${page} names is there`, () => {
    const named = [...read(page).matchAll(/\btest\/[\w./*-]*[\w*]/g)].map(([path]) => path);
    assert.ok(named.length > 0);
    const missing = named.filter((path) =>
      path.includes("*") ? globSync(path, { cwd: root }).length === 0 : !existsSync(join(root, path)),
    );
    assert.deepEqual(missing, []);
  });
}

test("each row of the crash table names tests, and they are there", () => {
  const [, table = ""] = /\n\| it dies \|[^\n]*\n\|[-|]+\|\n((?:\|[^\n]*\n)+)/.exec(read("ARCHITECTURE.md")) ?? [];
  const rows = table.trim().split("\n");
  assert.ok(rows.length >= 14);
  for (const row of rows) {
    const names = [...(row.split("|").at(-2) ?? "").matchAll(/`([\w/-]+)`/g)].map(([, name]) => name);
    assert.ok(names.length > 0, row);
    for (const name of names) assert.ok(existsSync(join(root, "test", `${name}.test.ts`)), name);
  }
});
