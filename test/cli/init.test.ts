import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { workplace } from "./parley-process.ts";

test("init writes a configuration that is right as it stands and with its lines switched on, and overwrites nothing", async () => {
  await using place = workplace();
  const made = await place.parley(["init"]);
  assert.equal(made.status, 0, made.stderr);
  const path = join(place.folder, "parley.yaml");
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const checked = await place.parley(["config", "check"]);
  assert.deepEqual([checked.status, checked.stderr], [0, ""]);

  const text = readFileSync(path, "utf8");
  const prose = /^# (?:Parley|"|Who|Where|When)/;
  const lines = text.split("\n").map((line) => (prose.test(line) ? line : line.replace(/^( *)# (?=[ a-z])/, "$1")));
  const on = join(place.folder, "on.yaml");
  writeFileSync(on, lines.join("\n").replace("${TELEGRAM_BOT_TOKEN}", "1:a"));
  const shown = await place.parley(["config", "show", "--config", on]);
  assert.deepEqual([shown.status, shown.stderr], [0, ""]);
  assert.match(shown.stdout, /qwen3/);
  assert.match(shown.stdout, /telegram:42/);

  const again = await place.parley(["init"]);
  assert.equal(again.status, 1);
  assert.match(again.stderr, /exists already/);
  assert.equal(readFileSync(path, "utf8"), text);
});
