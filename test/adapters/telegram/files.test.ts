import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { Attachment } from "../../../src/message/message.ts";
import { DeliveryError } from "../../../src/platform/delivery-error.ts";
import { faults, refused } from "../../fake/telegram/faults.ts";
import { tempDir } from "../../support/temp-dir.ts";
import { connect, outbound, token } from "./connect.ts";

async function fileIn(folder: string, fields: Partial<Attachment>, data = Buffer.from("data")): Promise<Attachment> {
  const path = join(folder, "out-0123456789abcdef.bin");
  await writeFile(path, data);
  return { kind: "file", mimeType: "application/pdf", sizeBytes: data.length, name: "a.pdf", path, ...fields };
}

suite("files that go out", () => {
  const table: readonly [string, Partial<Attachment>, string][] = [
    ["a picture", { kind: "image", mimeType: "image/png" }, "sendPhoto"],
    ["a picture that Telegram shows no preview of", { kind: "image", mimeType: "image/svg+xml" }, "sendDocument"],
    ["an animation", { kind: "image", mimeType: "image/gif" }, "sendAnimation"],
    ["a recording", { kind: "voice", mimeType: "audio/ogg" }, "sendVoice"],
    ["music", { kind: "audio", mimeType: "audio/mpeg" }, "sendAudio"],
    ["a sound", { kind: "audio", mimeType: "audio/wav" }, "sendDocument"],
    ["a video", { kind: "video", mimeType: "video/mp4" }, "sendVideo"],
    ["any other file", {}, "sendDocument"],
  ];
  for (const [name, fields, method] of table) {
    test(`${name} goes by ${method}`, async () => {
      using folder = tempDir();
      await using c = await connect();
      c.telegram.know(-7);
      const file = await fileIn(folder.path, fields);
      await c.adapter.send(outbound({ chatId: "-7", threadId: "5", text: "**see**", file, replyToMessageId: "9" }));
      const [post] = c.telegram.posts;
      assert.deepEqual(
        [post?.method, post?.text.trim(), post?.threadId, post?.replyTo, post?.file?.data.toString()],
        [method, "see", "5", 9, "data"],
      );
      assert.match(post?.html ?? "", /<b>see<\/b>/);
    });
  }

  test("a name can't break out of its header", async () => {
    using folder = tempDir();
    await using c = await connect();
    c.telegram.know(1001);
    const file = await fileIn(folder.path, { name: 'a"; x=\r\n\r\ny/ü.pdf' });
    await c.adapter.send(outbound({ text: "", file }));
    assert.equal(c.telegram.posts[0]?.file?.name, "a__ x=____y_ü.pdf");
    assert.equal(c.telegram.posts[0]?.text, "");
  });

  test("what Telegram takes for no picture goes as a file", async () => {
    using folder = tempDir();
    await using c = await connect();
    c.telegram.know(1001);
    c.telegram.fault("sendPhoto", refused(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"));
    await c.adapter.send(outbound({ text: "x", file: await fileIn(folder.path, { mimeType: "image/png" }) }));
    assert.deepEqual(
      c.telegram.posts.map(({ method }) => method),
      ["sendDocument"],
    );
  });

  test("a caption whose markup is refused goes plain", async () => {
    using folder = tempDir();
    await using c = await connect();
    c.telegram.know(1001);
    c.telegram.fault("sendDocument", faults.markupRefused);
    await c.adapter.send(outbound({ text: "**x**", file: await fileIn(folder.path, {}) }));
    const [post] = c.telegram.posts;
    assert.deepEqual([post?.html, post?.text.trim()], [null, "x"]);
  });

  test("a text that is too long for a caption follows, once, even when it fails first", async () => {
    using folder = tempDir();
    await using c = await connect();
    c.telegram.know(1001);
    const buttons = [{ label: "x", command: "/x" }];
    const message = outbound({ text: "x".repeat(2_000), file: await fileIn(folder.path, {}), buttons });
    c.telegram.fault("sendMessage", faults.rateLimited(1));
    await assert.rejects(c.adapter.send(message), DeliveryError);
    await c.adapter.send(message);
    assert.deepEqual(
      c.telegram.posts.map(({ method, text, buttons: rows }) => [method, text.trim().length, rows.length]),
      [
        ["sendDocument", 0, 0],
        ["sendMessage", 2_000, 1],
      ],
    );
  });

  test("a file that is not there any more is said to be gone", async () => {
    await using c = await connect();
    const file: Attachment = { kind: "file", mimeType: "x/y", sizeBytes: 1, name: "a", path: "/nowhere/a" };
    await assert.rejects(
      c.adapter.send(outbound({ file })),
      (error) => error instanceof DeliveryError && error.kind === "gone" && error.certain,
    );
  });
});

suite("files that come in", () => {
  const signal = new AbortController().signal;

  test("are read by their id", async () => {
    await using c = await connect();
    const data = Buffer.alloc(300_000, 7);
    c.telegram.offerFile("AgAC-1_x", data);
    const stream = await c.adapter.fetchFile?.("AgAC-1_x", signal);
    assert.ok(stream);
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    assert.ok(Buffer.concat(chunks).equals(data));
  });

  test("say why they can't be read, and never the token", async () => {
    await using c = await connect();
    c.telegram.offerFile("large", Buffer.alloc(21 * 1024 * 1024));
    c.telegram.offerFile("lost", Buffer.alloc(1));
    const kindOf = async (reference: string) => {
      const error = await c.adapter.fetchFile?.(reference, signal).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof DeliveryError);
      assert.ok(!`${error.message}${error.stack}${String(error.cause)}`.includes(token));
      return error.kind;
    };
    assert.equal(await kindOf("unknown"), "gone");
    assert.equal(await kindOf("large"), "too_long");
    c.telegram.fault("getFile", faults.closed);
    assert.equal(await kindOf("lost"), "unreachable");
  });
});
