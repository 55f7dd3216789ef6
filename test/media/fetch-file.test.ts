import assert from "node:assert/strict";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import type { ServerResponse } from "node:http";
import { basename, join } from "node:path";
import { test } from "node:test";
import type { OpenReference } from "../../src/media/fetch-file.ts";
import { DeliveryError, type DeliveryFailure } from "../../src/platform/delivery-error.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";
import { attachmentOf, fetchWith, filesIn, NOW_MS, only, reference, whyOf } from "./fetch-with.ts";
import { startFileServer } from "./file-server.ts";
import { sample } from "./sample-files.ts";

const PNG = sample("image/png");

test("a stream without end is cut at the limit, closed, and leaves no file", async () => {
  using dir = tempDir();
  await using server = await startFileServer({ "/endless": (response) => pour(response) });
  const result = only(
    await fetchWith({ folder: dir.path, open: server.open, references: [reference("/endless", { sizeBytes: 10 })] }),
  );
  assert.equal(whyOf(result), "too_large");
  assert.deepEqual(filesIn(dir.path), []);
  await until("the server is left alone", async () => (await server.openConnections()) === 0);
});

test("a stream that breaks leaves nothing, and the next attempt fetches the file", async () => {
  using dir = tempDir();
  let attempts = 0;
  await using server = await startFileServer({
    "/a"(response) {
      attempts++;
      response.writeHead(200, { "content-length": PNG.length });
      if (attempts > 1) response.end(PNG);
      else response.write(PNG.subarray(0, 20), () => response.destroy());
    },
  });
  const options = { folder: dir.path, open: server.open, references: [reference("/a")] };
  const broken = only(await fetchWith(options));
  assert.equal(whyOf(broken), "failed");
  assert.ok(broken.kind === "missing" && broken.error instanceof Error);
  assert.deepEqual(filesIn(dir.path), []);
  assert.equal(attachmentOf(only(await fetchWith(options))).sizeBytes, PNG.length);
});

test("what a killed process left half-written is replaced", async () => {
  using dir = tempDir();
  await using server = await startFileServer({ "/a": (response) => response.end(PNG) });
  const options = { folder: dir.path, open: server.open, references: [reference("/a")] };
  const { path } = attachmentOf(only(await fetchWith(options)));
  const unfinished = path.replace(/png$/, "part");
  writeFileSync(unfinished, "half");
  truncateSync(path, 0);
  assert.deepEqual(readFileSync(attachmentOf(only(await fetchWith(options))).path), PNG);
  assert.ok(!existsSync(unfinished));
});

/** what the adapter throws, why the file is missing. */
const refusals: readonly (readonly [kind: DeliveryFailure, why: string])[] = [
  ["gone", "gone"],
  ["forbidden", "gone"],
  ["too_long", "too_large"],
  ["unreachable", "failed"],
  ["rate_limited", "failed"],
  ["unauthorized", "failed"],
  ["bad_format", "failed"],
  ["unknown", "failed"],
];

for (const [kind, why] of refusals) {
  test(`a platform that says ${kind} makes the file missing: ${why}`, async () => {
    using dir = tempDir();
    const error = new DeliveryError(kind, "no", { certain: true });
    const open: OpenReference = () => Promise.reject(error);
    assert.deepEqual(only(await fetchWith({ folder: dir.path, open, references: [reference("a")] })), {
      kind: "missing",
      name: "photo.png",
      why,
      limit: null,
      error,
    });
  });
}

test("a symbolic link in the place of a file or of a month leads nowhere", async () => {
  using dir = tempDir();
  const folder = join(dir.path, "media");
  const secret = join(dir.path, "secret");
  writeFileSync(secret, "do not touch");
  await using server = await startFileServer({ "/a": (response) => response.end(PNG) });
  const options = { folder, open: server.open, references: [reference("/a")] };
  const { path } = attachmentOf(only(await fetchWith({ ...options, folder: join(dir.path, "scratch") })));

  mkdirSync(join(folder, "2026-07"), { recursive: true });
  for (const name of [basename(path), basename(path).replace(/png$/, "part")]) {
    symlinkSync(secret, join(folder, "2026-07", name));
  }
  const attachment = attachmentOf(only(await fetchWith(options)));
  assert.deepEqual(readFileSync(attachment.path), PNG);
  assert.ok(lstatSync(attachment.path).isFile());
  assert.equal(readFileSync(secret, "utf8"), "do not touch");

  mkdirSync(join(dir.path, "elsewhere"));
  symlinkSync(join(dir.path, "elsewhere"), join(folder, "2026-08"));
  const august = await fetchWith({ ...options, inboxId: 9, clock: fakeClock(Date.UTC(2026, 7, 2)) });
  assert.equal(whyOf(only(august)), "failed");
  assert.deepEqual(readdirSync(join(dir.path, "elsewhere")), []);
});

test("a folder that can't be written is a failure, and nothing is asked for", async () => {
  using dir = tempDir();
  const folder = join(dir.path, "media");
  writeFileSync(folder, "a file in the way");
  await using server = await startFileServer({ "/a": (response) => response.end(PNG) });
  const result = only(await fetchWith({ folder, open: server.open, references: [reference("/a")] }));
  assert.equal(whyOf(result), "failed");
  assert.deepEqual(server.asked, []);
});

test("an abort ends a fetch that hangs, whether or not the adapter listens", async () => {
  using dir = tempDir();
  await using server = await startFileServer({ "/slow": (response) => void response.write(PNG) });
  const deaf: OpenReference = async () => forever(PNG);
  const neverOpens: OpenReference = () => new Promise(() => {});
  for (const open of [server.open, deaf, neverOpens]) {
    const controller = new AbortController();
    let isOpening = false;
    const watched: OpenReference = (reference, signal) => {
      isOpening = true;
      return open(reference, signal);
    };
    const references = [reference("/slow"), reference("/slow"), reference("/slow"), reference("/slow")];
    const fetching = fetchWith({ folder: dir.path, open: watched, references, signal: controller.signal });
    await until("it is being opened", () => isOpening);
    controller.abort(new Error("the turn was stopped"));
    assert.deepEqual((await fetching).map(whyOf), ["failed", "failed", "failed", "failed"]);
    assert.deepEqual(filesIn(dir.path), []);
  }
  await until("the server is left alone", async () => (await server.openConnections()) === 0);
});

test("nothing is opened after an abort", async () => {
  using dir = tempDir();
  const open: OpenReference = () => assert.fail("it was opened");
  const results = await fetchWith({
    folder: dir.path,
    open,
    references: [reference("a")],
    signal: AbortSignal.abort(),
  });
  assert.equal(whyOf(only(results)), "failed");
});

test("a file that does not end in its time is given up, and no timer is left", async () => {
  using dir = tempDir();
  const clock = fakeClock(NOW_MS);
  let isOpen = false;
  const open: OpenReference = async () => {
    isOpen = true;
    return forever(PNG);
  };
  const fetching = fetchWith({ folder: dir.path, open, references: [reference("a")], clock });
  await until("it is open", () => isOpen);
  await clock.advance(60_000);
  const result = only(await fetching);
  assert.equal(whyOf(result), "failed");
  assert.match(String(result.kind === "missing" && result.error), /not whole after 60 s/);
  assert.equal(clock.timerCount(), 0);
  assert.deepEqual(filesIn(dir.path), []);
});

/** Writes for as long as anybody reads. */
function pour(response: ServerResponse): void {
  const more = () => {
    while (!response.destroyed && response.write(PNG));
  };
  response.on("drain", more);
  more();
}

async function* forever(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
  await new Promise(() => {});
}
