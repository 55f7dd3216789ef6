import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { MEDIA_KEPT_MS, pruneMedia } from "../../src/media/prune-media.ts";
import { tempDir } from "../support/temp-dir.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW_MS = Date.UTC(2026, 6, 15, 12);

/** Writes a file that was last written so many days ago. */
function put(path: string, ageDays: number): void {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, "x");
  const atSeconds = (NOW_MS - ageDays * DAY_MS) / 1_000;
  utimesSync(path, atSeconds, atSeconds);
}

function nameOf(n: number, extension = "png"): string {
  return `${n}-1-0123456789abcdef.${extension}`;
}

test("files past their time go, with the months that they leave empty; others stay", async () => {
  using dir = tempDir();
  put(join(dir.path, "2026-04", nameOf(1)), 90);
  put(join(dir.path, "2026-04", nameOf(1, "part")), 90);
  put(join(dir.path, "2026-05", "out-0123456789abcdef.pdf"), 60);
  put(join(dir.path, "2026-05", nameOf(2)), 29); // written again, by whatever
  put(join(dir.path, "2026-06", nameOf(3)), 31);
  put(join(dir.path, "2026-06", nameOf(4)), 29);
  put(join(dir.path, "2026-07", nameOf(5)), 1);
  assert.deepEqual(await pruneMedia(dir.path, { nowMs: NOW_MS }), { deletedFiles: 4, isDone: true });
  assert.deepEqual(readdirSync(dir.path, { recursive: true, encoding: "utf8" }).sort(), [
    "2026-05",
    `2026-05/${nameOf(2)}`,
    "2026-06",
    `2026-06/${nameOf(4)}`,
    "2026-07",
    `2026-07/${nameOf(5)}`,
  ]);
});

test("nothing that is not ours is touched, and no symbolic link is followed", async () => {
  using dir = tempDir();
  const folder = join(dir.path, "media");
  put(join(dir.path, "elsewhere", nameOf(1)), 90);
  put(join(folder, "2026-04", "notes.txt"), 90);
  put(join(folder, "2026-04", nameOf(2), nameOf(3)), 90); // a folder with a name of ours
  put(join(folder, "backup", nameOf(4)), 90);
  put(join(folder, nameOf(5)), 90);
  symlinkSync(join(dir.path, "elsewhere"), join(folder, "2026-03"));
  symlinkSync(join(dir.path, "elsewhere", nameOf(1)), join(folder, "2026-04", nameOf(6)));
  const before = readdirSync(folder, { recursive: true }).length;
  assert.deepEqual(await pruneMedia(folder, { nowMs: NOW_MS }), { deletedFiles: 0, isDone: true });
  assert.equal(readdirSync(folder, { recursive: true }).length, before);
  assert.ok(existsSync(join(dir.path, "elsewhere", nameOf(1))));
});

test("a call deletes no more than its limit, and says that it is not done", async () => {
  using dir = tempDir();
  for (let n = 0; n < 5; n++) put(join(dir.path, n < 3 ? "2026-03" : "2026-04", nameOf(n)), 90);
  assert.deepEqual(await pruneMedia(dir.path, { nowMs: NOW_MS, limit: 4 }), { deletedFiles: 4, isDone: false });
  assert.deepEqual(readdirSync(dir.path), ["2026-04"]);
  assert.deepEqual(await pruneMedia(dir.path, { nowMs: NOW_MS, limit: 4 }), { deletedFiles: 1, isDone: true });
  assert.deepEqual(readdirSync(dir.path), []);
});

test("how long files are kept can be said; a folder that is not there is none to prune", async () => {
  using dir = tempDir();
  assert.deepEqual(await pruneMedia(join(dir.path, "media"), { nowMs: NOW_MS }), { deletedFiles: 0, isDone: true });
  put(join(dir.path, "2026-07", nameOf(1)), 3);
  await pruneMedia(dir.path, { nowMs: NOW_MS, keptMs: MEDIA_KEPT_MS });
  assert.equal(readdirSync(join(dir.path, "2026-07")).length, 1);
  await pruneMedia(dir.path, { nowMs: NOW_MS, keptMs: 2 * DAY_MS });
  assert.equal(readdirSync(join(dir.path, "2026-07")).length, 0);
});
