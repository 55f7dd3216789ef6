import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { MAX_LINES, openChatHistory } from "../../src/cli/chat-history.ts";
import { tempDir } from "../support/temp-dir.ts";

test("what was typed is there the next time, newest first, for its owner alone", () => {
  using folder = tempDir();
  const path = join(folder.path, "data", "chat_history");
  const history = openChatHistory(path);
  assert.deepEqual(history.lines, []);
  for (const line of ["one", "two", "two", "three"]) history.add(line);
  assert.deepEqual(openChatHistory(path).lines, ["three", "two", "one"]);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test("a history that has grown too long is cut to its newest lines", () => {
  using folder = tempDir();
  const path = join(folder.path, "chat_history");
  writeFileSync(path, Array.from({ length: MAX_LINES + 5 }, (_, n) => `line ${n}\n`).join(""));
  const { lines } = openChatHistory(path);
  assert.equal(lines.length, MAX_LINES);
  assert.equal(lines[0], `line ${MAX_LINES + 4}`);
  assert.equal(readFileSync(path, "utf8").split("\n")[0], "line 5");
});
