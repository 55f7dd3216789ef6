import assert from "node:assert/strict";
import { lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isMediaFile } from "../../src/media/media-path.ts";
import { isUploadReference, openUpload, storeUpload } from "../../src/media/store-upload.ts";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { tempDir } from "../support/temp-dir.ts";
import { sample } from "./sample-files.ts";

const NOW_MS = Date.UTC(2026, 6, 15, 12);
const PNG = sample("image/png");

async function* chunksOf(data: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}

const uploadTo = (folder: string) => ({
  folder,
  name: "../chart\u0007.txt",
  mimeType: "text/plain",
  stream: chunksOf(PNG),
  maxBytes: PNG.length,
  signal: new AbortController().signal,
  nowMs: NOW_MS,
});

test("an upload is stored under a name of ours, is what its content says, and can be read by its reference", async () => {
  using dir = tempDir();
  const folder = join(dir.path, "media");
  const stored = await storeUpload(uploadTo(folder));
  assert.ok(stored !== null);
  const { reference, ...rest } = stored;
  assert.deepEqual(rest, { kind: "image", mimeType: "image/png", sizeBytes: PNG.length, name: ".._chart.txt" });
  assert.match(reference, /^2026-07\/in-[0-9a-f]{16}\.png$/);
  assert.ok(isUploadReference(reference));
  assert.ok(isMediaFile(reference.split("/")[1] ?? ""), "it is forgotten with the others");
  assert.equal(lstatSync(join(folder, reference)).mode & 0o777, 0o600);
  const chunks = [];
  for await (const chunk of await openUpload(folder, reference)) chunks.push(chunk);
  assert.deepEqual(Buffer.concat(chunks), PNG);
});

test("one that is too large, or breaks off, leaves nothing", async () => {
  using dir = tempDir();
  assert.equal(await storeUpload({ ...uploadTo(dir.path), maxBytes: PNG.length - 1 }), null);
  async function* broken() {
    yield PNG.subarray(0, 5);
    throw new Error("the line is dead");
  }
  await assert.rejects(storeUpload({ ...uploadTo(dir.path), stream: broken() }), /the line is dead/);
  await assert.rejects(
    storeUpload({ ...uploadTo(dir.path), signal: AbortSignal.abort(new Error("enough")) }),
    /enough/,
  );
  assert.deepEqual(readdirSync(join(dir.path, "2026-07")), []);
});

test("what is no reference of ours opens nothing", async () => {
  using dir = tempDir();
  writeFileSync(join(dir.path, "secret"), "x");
  for (const reference of [
    "secret",
    "../secret",
    "2026-07/../secret",
    "2026-07/in-0000000000000000.png",
    "",
    "/etc/passwd",
  ]) {
    await assert.rejects(
      openUpload(dir.path, reference),
      (error) => error instanceof DeliveryError && error.kind === "gone",
      reference,
    );
  }
  assert.equal(readFileSync(join(dir.path, "secret"), "utf8"), "x");
});
