import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import Database from "better-sqlite3";
import { migrations } from "../../src/store/migrations.ts";
import { openConnection } from "../../src/store/sqlite.ts";
import { StoreError } from "../../src/store/store-error.ts";
import { upgradeCopyPath } from "../../src/store/upgrade-copy.ts";
import { tempDir } from "../support/temp-dir.ts";

/** A database as the first version of the program left it. */
function oldDatabase(path: string): void {
  const db = new Database(path);
  db.pragma("application_id = 0x50524c59");
  db.function("fold_text", { deterministic: true }, (text) => String(text));
  db.exec(migrations[0]?.sql ?? "");
  db.pragma("user_version = 1");
  db.exec("INSERT INTO meta (name, value) VALUES ('salt', 'as it was')");
  db.close();
}

test("before its schema changes the database is kept as it was, for going back", () => {
  using folder = tempDir();
  const path = join(folder.path, "parley.db");
  oldDatabase(path);
  openConnection(path, "write").close();
  const copy = upgradeCopyPath(path, 1);
  assert.equal(statSync(copy).mode & 0o777, 0o600);
  const kept = new Database(copy, { readonly: true });
  assert.equal(kept.pragma("user_version", { simple: true }), 1);
  assert.deepEqual(kept.prepare("SELECT value FROM meta WHERE name = 'salt'").all(), [{ value: "as it was" }]);
  kept.close();
  openConnection(path, "write").close();
  assert.deepEqual(readdirSync(dirname(copy)), ["parley-schema-1.db"], "an open that upgrades nothing keeps nothing");
});

test("a new database is not copied", () => {
  using folder = tempDir();
  openConnection(join(folder.path, "parley.db"), "write").close();
  assert.equal(readdirSync(folder.path).includes("backups"), false);
});

test("a program that is older than the database says which copy leads back", () => {
  using folder = tempDir();
  const path = join(folder.path, "parley.db");
  oldDatabase(path);
  openConnection(path, "write").close();
  const newer = new Database(path);
  newer.pragma("user_version = 41");
  newer.close();
  assert.throws(
    () => openConnection(path, "write"),
    (error: unknown) =>
      error instanceof StoreError && error.kind === "newer" && !error.message.includes("parley restore"),
  );
  const mine = new Database(upgradeCopyPath(path, 1));
  mine.exec(`VACUUM INTO '${upgradeCopyPath(path, migrations.length)}'`);
  mine.close();
  assert.throws(
    () => openConnection(path, "write"),
    new RegExp(`parley restore --force .*parley-schema-${migrations.length}\\.db; nothing was changed`),
  );
});
