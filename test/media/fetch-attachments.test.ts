import assert from "node:assert/strict";
import { lstatSync, readFileSync, truncateSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { MAX_ATTACHMENTS } from "../../src/media/fetch-attachments.ts";
import type { OpenReference } from "../../src/media/fetch-file.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";
import { attachmentOf, fetchWith, filesIn, MAX_BYTES, only, reference, whyOf } from "./fetch-with.ts";
import { startFileServer } from "./file-server.ts";
import { sample } from "./sample-files.ts";

const PNG = sample("image/png");

test("a file is stored under a name of ours, for its owner alone", async () => {
  using dir = tempDir();
  const folder = join(dir.path, "media");
  await using server = await startFileServer({ "/a": (response) => response.end(PNG) });
  const name = "../../../etc/cron.d/evil\n.sh";
  const results = await fetchWith({ folder, open: server.open, references: [reference("/a", { name })] });
  const attachment = attachmentOf(only(results));
  assert.deepEqual(
    { ...attachment, path: "" },
    { kind: "image", mimeType: "image/png", sizeBytes: PNG.length, name: ".._.._.._etc_cron.d_evil .sh", path: "" },
  );
  assert.equal(dirname(attachment.path), join(folder, "2026-07"));
  assert.match(basename(attachment.path), /^7-1-[0-9a-f]{16}\.png$/);
  assert.deepEqual(readFileSync(attachment.path), PNG);
  assert.equal(lstatSync(attachment.path).mode & 0o777, 0o600);
  assert.equal(lstatSync(folder).mode & 0o777, 0o700);
  assert.equal(filesIn(folder).length, 1);
});

test("what was fetched before is used again, in the next month too, and nothing else is", async () => {
  using dir = tempDir();
  await using server = await startFileServer({
    "/a": (response) => response.end(PNG),
    "/b": (response) => response.end("other"),
  });
  const options = { folder: dir.path, open: server.open, references: [reference("/a")] };
  const first = await fetchWith(options);
  assert.deepEqual(await fetchWith(options), first);
  assert.deepEqual(await fetchWith({ ...options, clock: fakeClock(Date.UTC(2026, 7, 1)) }), first);
  assert.deepEqual(server.asked, ["/a"]);

  // The same number for another message, as after a restored backup.
  const other = await fetchWith({
    ...options,
    references: [reference("/b", { kind: "file", mimeType: "text/plain" })],
  });
  assert.equal(attachmentOf(only(other)).sizeBytes, 5);
  await fetchWith({ ...options, inboxId: 8 });
  assert.deepEqual(server.asked, ["/a", "/b", "/a"]);
});

test("an empty file that a loss of power left is fetched again", async () => {
  using dir = tempDir();
  await using server = await startFileServer({ "/a": (response) => response.end(PNG) });
  const options = { folder: dir.path, open: server.open, references: [reference("/a")] };
  const { path } = attachmentOf(only(await fetchWith(options)));
  truncateSync(path, 0);
  assert.equal(attachmentOf(only(await fetchWith(options))).sizeBytes, PNG.length);
  assert.deepEqual(readFileSync(path), PNG);
});

test("a file that is said to be too large is not asked for", async () => {
  using dir = tempDir();
  await using server = await startFileServer({ "/a": (response) => response.end(PNG) });
  const references = [reference("/a", { sizeBytes: MAX_BYTES + 1 }), reference("/a", { sizeBytes: MAX_BYTES })];
  const [large, fits] = await fetchWith({ folder: dir.path, open: server.open, references });
  assert.deepEqual(large, { kind: "missing", name: "photo.png", why: "too_large", limit: MAX_BYTES, error: null });
  assert.equal(fits?.kind, "fetched");
  assert.equal(server.asked.length, 1);
});

test("a file of exactly the limit is taken; one byte more is not", async () => {
  using dir = tempDir();
  await using server = await startFileServer({
    "/fits": (response) => response.end(Buffer.alloc(MAX_BYTES)),
    "/not": (response) => response.end(Buffer.alloc(MAX_BYTES + 1)),
  });
  const references = [reference("/fits"), reference("/not")];
  const [fits, not] = await fetchWith({ folder: dir.path, open: server.open, references });
  assert.equal(fits?.kind, "fetched");
  assert.equal(not && whyOf(not), "too_large");
  assert.equal(filesIn(dir.path).length, 1);
});

test("an image that is none becomes a file of unknown type", async () => {
  using dir = tempDir();
  await using server = await startFileServer({ "/a": (response) => response.end("#!/bin/sh\n") });
  const results = await fetchWith({ folder: dir.path, open: server.open, references: [reference("/a")] });
  const { kind, mimeType, name, path } = attachmentOf(only(results));
  assert.deepEqual([kind, mimeType, name], ["file", "application/octet-stream", "photo.png"]);
  assert.match(path, /\.bin$/);
});

test("a beginning that comes byte by byte is looked at whole", async () => {
  using dir = tempDir();
  const open: OpenReference = async () => bytewise(PNG);
  const results = await fetchWith({ folder: dir.path, open, references: [reference("a", { mimeType: "text/plain" })] });
  assert.equal(attachmentOf(only(results)).mimeType, "image/png");
});

test("a platform that can't hand out files says so for each", async () => {
  using dir = tempDir();
  const results = await fetchWith({ folder: dir.path, open: null, references: [reference("a"), reference("b")] });
  assert.deepEqual(results.map(whyOf), ["unsupported", "unsupported"]);
});

test("files keep their order, at most three are on their way at once, and those above the limit are not fetched", async () => {
  using dir = tempDir();
  const waiting: (() => void)[] = [];
  const opened: string[] = [];
  const open: OpenReference = async ({ reference }) => {
    opened.push(reference);
    await new Promise<void>((resolve) => waiting.push(resolve));
    return bytewise(Buffer.from(reference));
  };
  const references = Array.from({ length: MAX_ATTACHMENTS + 2 }, (_, n) =>
    reference(`${n}`, { kind: "file", mimeType: "text/plain", name: `${n}.txt` }),
  );
  const fetching = fetchWith({ folder: dir.path, open, references });
  for (let done = 0; done < MAX_ATTACHMENTS; done++) {
    await until("another is asked for", () => opened.length === Math.min(done + 3, MAX_ATTACHMENTS));
    waiting.pop()?.();
  }
  const results = await fetching;
  assert.deepEqual(
    results.map((result) => (result.kind === "fetched" ? result.attachment.name : `${result.name} ${result.why}`)),
    [...references.slice(0, MAX_ATTACHMENTS).map(({ name }) => name), "10.txt too_many", "11.txt too_many"],
  );
  assert.deepEqual(
    opened.sort(),
    references.slice(0, MAX_ATTACHMENTS).map((asked) => asked.reference),
  );
});

async function* bytewise(content: Uint8Array): AsyncGenerator<Uint8Array> {
  for (const byte of content) yield Uint8Array.of(byte);
}
