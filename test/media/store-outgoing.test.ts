import assert from "node:assert/strict";
import { lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { FileTooLargeError, storeOutgoing } from "../../src/media/store-outgoing.ts";
import { tempDir } from "../support/temp-dir.ts";
import { sample } from "./sample-files.ts";

const NOW_MS = Date.UTC(2026, 6, 15, 12);
const PNG = sample("image/png");

test("a file of an agent is stored under a name of ours, and is what its content says", async () => {
  using dir = tempDir();
  const folder = join(dir.path, "media");
  const file = { folder, name: "/etc/chart\u0007.png", mimeType: "text/plain", data: PNG, nowMs: NOW_MS };
  const attachment = await storeOutgoing(file);
  assert.deepEqual(
    { ...attachment, path: "" },
    { kind: "image", mimeType: "image/png", sizeBytes: PNG.length, name: "_etc_chart.png", path: "" },
  );
  assert.match(attachment.path, /\/2026-07\/out-[0-9a-f]{16}\.png$/);
  assert.deepEqual(readFileSync(attachment.path), PNG);
  assert.equal(lstatSync(attachment.path).mode & 0o777, 0o600);
  const again = await storeOutgoing(file);
  assert.notEqual(again.path, attachment.path);
  assert.equal(readdirSync(dirname(again.path)).length, 2);
});

test("an empty file is a file, and one without a name gets one", async () => {
  using dir = tempDir();
  const file = { folder: dir.path, name: "", mimeType: "text/csv", data: new Uint8Array(), nowMs: NOW_MS };
  const { kind, mimeType, name, sizeBytes } = await storeOutgoing(file);
  assert.deepEqual([kind, mimeType, name, sizeBytes], ["file", "text/csv", "file.csv", 0]);
});

test("a file above the limit is refused and leaves nothing", async () => {
  using dir = tempDir();
  const file = { folder: dir.path, name: "a", mimeType: "text/plain", nowMs: NOW_MS };
  await assert.rejects(storeOutgoing({ ...file, data: new Uint8Array(11), maxBytes: 10 }), FileTooLargeError);
  await assert.rejects(storeOutgoing({ ...file, data: new Uint8Array(20 * 1024 * 1024 + 1) }), /at most 20 MB/);
  assert.deepEqual(readdirSync(dir.path), []);
  assert.equal((await storeOutgoing({ ...file, data: new Uint8Array(10), maxBytes: 10 })).sizeBytes, 10);
});

test("what the disk says is thrown", async () => {
  using dir = tempDir();
  const folder = join(dir.path, "media");
  writeFileSync(folder, "a file in the way");
  await assert.rejects(storeOutgoing({ folder, name: "a", mimeType: "", data: PNG, nowMs: NOW_MS }), {
    code: "EEXIST",
  });
});
