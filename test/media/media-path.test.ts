import assert from "node:assert/strict";
import { lstatSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import {
  inboundStem,
  isMediaFile,
  isMonth,
  monthBefore,
  monthOf,
  openMonth,
  outboundStem,
} from "../../src/media/media-path.ts";
import { extensions } from "../../src/media/media-types.ts";
import { tempDir } from "../support/temp-dir.ts";

test("a month and the one before it are told in UTC, over the turn of the year too", () => {
  assert.equal(monthOf(Date.UTC(2026, 0, 1)), "2026-01");
  assert.equal(monthBefore(Date.UTC(2026, 0, 1)), "2025-12");
  assert.equal(monthBefore(Date.UTC(2026, 2, 31, 23, 59)), "2026-02");
});

test("every name we give is one we know again, whatever a file is fetched by", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 10 }), fc.string(), (inboxId, n, reference) => {
      const stem = inboundStem(inboxId, n, reference);
      for (const extension of [...extensions, "part"]) assert.ok(isMediaFile(`${stem}.${extension}`), stem);
    }),
  );
  assert.ok(isMediaFile(`${outboundStem("0123456789abcdef")}.png`));
  assert.notEqual(inboundStem(1, 1, "a"), inboundStem(1, 1, "b"));
});

test("other names are not ours", () => {
  for (const name of ["notes.txt", "1-1.png", "../1-1-0123456789abcdef.png", "1-1-0123456789abcdef.png.exe", ".part"]) {
    assert.ok(!isMediaFile(name), name);
  }
  for (const name of ["2026-13", "2026-00", "2026-1", "2026-01x", ".."]) assert.ok(!isMonth(name), name);
});

test("a month's folder is made for its owner alone", async () => {
  using dir = tempDir();
  const path = await openMonth(join(dir.path, "media"), "2026-01");
  assert.equal(await openMonth(join(dir.path, "media"), "2026-01"), path);
  for (const folder of [join(dir.path, "media"), path]) assert.equal(lstatSync(folder).mode & 0o777, 0o700);
});

test("a symbolic link or a file in the place of a month's folder is refused", async () => {
  using dir = tempDir();
  mkdirSync(join(dir.path, "elsewhere"));
  symlinkSync(join(dir.path, "elsewhere"), join(dir.path, "2026-01"));
  writeFileSync(join(dir.path, "2026-02"), "");
  await assert.rejects(openMonth(dir.path, "2026-01"), /expected a folder of our own/);
  await assert.rejects(openMonth(dir.path, "2026-02"), /expected a folder of our own/);
});
