import assert from "node:assert/strict";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeFolder } from "../../src/store/make-folder.ts";
import { tempDir } from "../support/temp-dir.ts";

test("a folder is made with those above it, for its owner alone, and stays when it is there", () => {
  using folder = tempDir();
  const path = join(folder.path, "one", "two", "three");
  makeFolder(path);
  makeFolder(path);
  for (const each of [join(folder.path, "one"), path]) assert.equal(statSync(each).mode & 0o777, 0o700);
});

test("where there can be no folder the system's error comes at once", () => {
  using folder = tempDir();
  const file = join(folder.path, "file");
  writeFileSync(file, "");
  assert.throws(() => makeFolder(file), /file: can't be made \(EEXIST/);
  assert.throws(() => makeFolder(join(file, "below")), /below: can't be made \((ENOTDIR|EEXIST)/);
  if (process.platform === "linux") assert.throws(() => makeFolder("/proc/parley/data"), /ENOENT/);
});
