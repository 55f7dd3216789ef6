import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { WebClient } from "@slack/web-api";
import { createEmulator } from "emulate";
import { slackAdapter } from "../../../adapters/slack/adapter.ts";
import { systemClock } from "../../../src/clock/clock.ts";
import type { Attachment } from "../../../src/message/message.ts";
import { tempDir } from "../../support/temp-dir.ts";
import { testIntake } from "../../support/test-intake.ts";
import { BOT_TOKEN, outbound, toldEvents } from "./running-slack.ts";

// Somebody else's reading of Slack's Web API, beside our own fake: it has no Socket Mode.
test("another emulator of Slack takes our posts, edits and files, and gives them back", async () => {
  using folder = tempDir();
  const port = await freePort();
  const emulator = await createEmulator({
    service: "slack",
    port,
    seed: {
      slack: {
        team: { name: "Fake", domain: "fake" },
        users: [{ name: "parley" }],
        channels: [{ name: "parley-tests" }],
        tokens: [{ token: BOT_TOKEN, user: "parley" }],
      },
    },
  });
  try {
    const apiUrl = `${emulator.url}/api/`;
    const web = new WebClient(BOT_TOKEN, { slackApiUrl: apiUrl });
    const chatId = (await web.conversations.list()).channels?.find(({ name }) => name === "parley-tests")?.id ?? "";
    const adapter = slackAdapter({
      account: "default",
      botToken: BOT_TOKEN,
      appToken: null,
      signingSecret: "secret",
      apiUrl,
      mode: "http",
      replyInThread: true,
      seedDmThreads: true,
      postSeed: "salt",
      clock: systemClock,
      events: toldEvents(),
    });

    await adapter.start(testIntake());
    assert.equal(adapter.health().connected, true);

    const message = outbound({ outboxId: 5, chatId, text: "**hello**" });
    const postId = await adapter.send(message);
    assert.deepEqual(await adapter.findPost(message), { kind: "found", postId });
    assert.deepEqual(await adapter.findPost({ ...message, outboxId: 6 }), { kind: "absent" });

    const inThread = { ...message, outboxId: 7, threadId: postId, text: "more" };
    const replyId = await adapter.send(inThread);
    assert.deepEqual(await adapter.findPost(inThread), { kind: "found", postId: replyId });

    await adapter.edit({ chatId, threadId: null, postId, text: "**changed**", buttons: [], isFinal: true });
    const said = (await web.conversations.history({ channel: chatId })).messages ?? [];
    const changed = said.find(({ ts }) => ts === postId);
    assert.deepEqual(
      changed?.blocks?.map((block) => ("text" in block ? block.text : "")),
      ["**changed**"],
    );

    const path = join(folder.path, "report.txt");
    writeFileSync(path, "some bytes");
    const file: Attachment = { kind: "file", mimeType: "text/plain", sizeBytes: 10, name: "report.txt", path };
    const fileId = await adapter.send({ ...message, outboxId: 8, text: "the report", file });
    let read = "";
    for await (const chunk of await adapter.fetchFile(`slack-file:${fileId}`, new AbortController().signal)) {
      read += Buffer.from(chunk).toString();
    }
    assert.equal(read, "some bytes");

    await assert.rejects(adapter.send({ ...message, chatId: "C0NONE" }), { kind: "gone", certain: true });
    await adapter.stop();
  } finally {
    await emulator.close();
  }
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === "object" ? resolve(address.port) : reject()));
    });
  });
}
