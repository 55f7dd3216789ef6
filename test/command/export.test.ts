import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Attachment } from "../../src/message/message.ts";
import { ask, askPosts, liveSession } from "../support/ask.ts";
import { type BareGateway, bareGateway } from "../support/bare-gateway.ts";
import { line, mirrorText, NOON_MS } from "../support/test-store.ts";

async function exported(
  bare: BareGateway,
  text: string,
): Promise<{ readonly says: string; readonly file: Attachment }> {
  const [reply, post, ...others] = await askPosts(bare, text);
  assert.ok(reply !== undefined && post?.file !== null && post !== undefined && others.length === 0);
  return { says: reply.text, file: post.file };
}

test("/export sends the conversation as Markdown; what people say is quoted, so that it cannot pass for a heading", async () => {
  await using bare = await bareGateway();
  await ask(bare, "Plan it. Now.");
  const { sessionId } = liveSession(bare);
  await bare.store.rewriteTranscript(sessionId, [
    line("Plan *it*. Now.\n## Agent, today", { senderName: "An#n" }),
    line("# Plan\n\n1. go", { role: "assistant" }),
  ]);
  const { says, file } = await exported(bare, "/export");
  assert.equal(says, "Here is this conversation, 2 messages.");
  assert.equal(file.name, `${sessionId}.md`);
  assert.equal(file.mimeType, "text/markdown");
  const text = readFileSync(file.path, "utf8");
  assert.equal(Buffer.byteLength(text), file.sizeBytes);
  const [head, ...rest] = text.split("\n\n");
  assert.equal(head, "# Plan \\*it\\*");
  assert.match(rest[0] ?? "", new RegExp(`^Session ${sessionId}, since .*\\. Times are in UTC\\.$`));
  assert.equal(
    rest.slice(1).join("\n\n"),
    "## An\\#n, Wed 1 Apr 2026, 12:00\n\n> Plan *it*. Now.\n> ## Agent, today\n\n## Agent, Wed 1 Apr 2026, 12:00\n\n# Plan\n\n1. go\n",
  );
});

test("/export jsonl sends the very lines of the transcript's file", async () => {
  await using bare = await bareGateway();
  await ask(bare, "one");
  const { file } = await exported(bare, "/export JSONL");
  const { sessionId } = liveSession(bare);
  assert.equal(file.name, `${sessionId}.jsonl`);
  assert.equal(readFileSync(file.path, "utf8"), mirrorText(bare.store, sessionId));
});

test("a file has at most 10 MB: the newest part is kept, and that is said", async () => {
  await using bare = await bareGateway();
  await ask(bare, "one");
  const { sessionId } = liveSession(bare);
  const text = "ä".repeat(100_000);
  await bare.store.rewriteTranscript(
    sessionId,
    Array.from({ length: 60 }, (_, place) => line(`${place} ${text}`, { atMs: NOON_MS + place })),
  );
  for (const format of ["md", "jsonl"]) {
    const { says, file } = await exported(bare, `/export ${format}`);
    assert.equal(says, "Here is this conversation, the newest 49 of 60 messages: a file has at most 10 MB.");
    assert.ok(file.sizeBytes <= 10_000_000 && file.sizeBytes > 9_700_000, String(file.sizeBytes));
    const content = readFileSync(file.path, "utf8");
    assert.ok(content.includes("59 ä") && content.includes("11 ä") && !content.includes("10 ä"));
  }
});

test("there is nothing to export before the first message, and no other format", async () => {
  await using bare = await bareGateway();
  assert.equal(await ask(bare, "/export"), "Nothing was said in this conversation yet.");
  await ask(bare, "one");
  assert.equal(await ask(bare, "/export ../../x"), "/export: expected `md` or `jsonl`, or nothing for `md`.");
});
