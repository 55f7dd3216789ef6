import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, liveSession } from "../support/ask.ts";
import { bareGateway } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { line } from "../support/test-store.ts";

test("/history shows the last lines with day, time and speaker", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 5, 23, 59));
  await using bare = await bareGateway({ clock });
  assert.equal(await ask(bare, "/history"), "Nothing was said in this conversation yet.");
  await ask(bare, "one");
  await clock.advance(60_000);
  await ask(bare, "two");
  assert.match(
    await ask(bare, "/history"),
    /^\*Mon 5 Jan 2026\*\n23:59 \*\*Ann:\*\* one\n23:59 \*\*Agent:\*\* one .*\n\*Tue 6 Jan 2026\*\n00:00 \*\*Ann:\*\* two\n00:00 \*\*Agent:\*\* two$/,
  );
  assert.match(
    await ask(bare, "/history 2"),
    /^2 earlier messages: \/export has them all\.\n\*Tue 6 Jan 2026\*\n.*two\n.*two$/,
  );
});

test("other people's words and names stay text, each line is cut, files and unfinished answers are named", async () => {
  await using bare = await bareGateway();
  await ask(bare, "one");
  await bare.store.appendMessages(liveSession(bare).sessionId, [
    line(`*a*\n<b>${"x".repeat(300)}`, { senderName: "An*n\n" }),
    line("", { senderName: null, extra: { attachments: [{ kind: "image", mimeType: "image/png", name: "`a`.png" }] } }),
    line("half", { role: "assistant", extra: { incomplete: "stopped" } }),
    line("beep", { role: "tool" }),
    line("be kind", { role: "system" }),
  ]);
  const lines = (await ask(bare, "/history 5")).split("\n").slice(2);
  assert.equal(lines[0], `12:00 **An\\*n:** \\*a\\* \\<b\\>${"x".repeat(192)}…`);
  assert.deepEqual(lines.slice(1), [
    "12:00 **Person:** (file: \\`a\\`.png)",
    "12:00 **Agent:** half (unfinished)",
    "12:00 **Tool:** beep",
    "12:00 **System:** be kind",
  ]);
});

test("/history has bounds", async () => {
  await using bare = await bareGateway();
  await ask(bare, "one");
  await bare.store.appendMessages(
    liveSession(bare).sessionId,
    Array.from({ length: 60 }, () => line("x")),
  );
  assert.equal((await ask(bare, "/history")).match(/\*\*Ann:/g)?.length, 10);
  assert.equal((await ask(bare, "/history 50")).match(/\*\*Ann:/g)?.length, 50);
  for (const argument of ["51", "0", "x"]) {
    assert.match(await ask(bare, `/history ${argument}`), /^\/history: expected a number from 1 to 50/);
  }
});

test("/history shows a person's own conversation of a group, never another's", async () => {
  await using bare = await bareGateway();
  await ask(bare, "my secret", { source: { chatType: "group", userId: "bob" } });
  await ask(bare, "of Ann", { source: { chatType: "group" } });
  const shown = await ask(bare, "/history", { source: { chatType: "group" } });
  assert.match(shown, /of Ann/);
  assert.doesNotMatch(shown, /secret/);
});
