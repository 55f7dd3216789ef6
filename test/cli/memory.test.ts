import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { systemClock } from "../../src/clock/clock.ts";
import { remember } from "../../src/memory/remember.ts";
import { formatScope } from "../../src/session/memory-scope.ts";
import { archiveNow } from "../support/archive-now.ts";
import { numbered, summaryOf } from "../support/lifecycle-world.ts";
import { dmSource, line, openTestStore } from "../support/test-store.ts";
import { workplace } from "./parley-process.ts";

/** Two people of Telegram, one of them at two bots, a group, and a session with an archive; returns that session's id. */
async function fill(dataDir: string): Promise<string> {
  await using store = await openTestStore(dataDir, systemClock);
  const { session } = await store.resolveSession(dmSource("42", { userId: "42" }), Date.now());
  await store.appendMessages(
    session.sessionId,
    numbered(1, 12).map((text) => line(text.padEnd(40, "."), { senderId: "42", senderName: "Ann\u001b[2J" })),
  );
  await archiveNow(store, session.sessionId, {
    ...summaryOf("They counted.\u001b[2J"),
    decisions: ["count on"],
    activeTask: "counting",
  });
  const user = (account: string, userId: string) =>
    formatScope({ kind: "user", platform: "telegram", account, userId });
  const ann = user("default", "42");
  const tell = (scope: ReturnType<typeof user>, content: string, author: typeof scope | null) =>
    store.write((tx) =>
      remember(
        tx,
        {
          scope,
          content,
          bucket: "preference",
          author,
          source: author === ann ? { sessionId: session.sessionId, seq: 1 } : null,
        },
        Date.now(),
      ),
    );
  await tell(ann, "I like green tea", ann);
  await tell(user("work", "42"), "I like jazz", user("work", "42"));
  await tell(
    formatScope({ kind: "chat", platform: "telegram", account: "default", chatId: "-100" }),
    "We ship on Mondays",
    ann,
  );
  await tell(user("default", "142"), "I like black tea", user("default", "142"));
  return session.sessionId;
}

describe("parley memory without a daemon", () => {
  const place = workplace();
  after(() => place[Symbol.asyncDispose]());
  const { parley, json, dataDir, folder } = place;
  let sessionId = "";
  before(async () => {
    sessionId = await fill(dataDir);
  });
  const texts = async (args: readonly string[]) => {
    const { memories } = (await json(["memory", ...args])) as { memories: { content: string }[] };
    return memories.map(({ content }) => content);
  };

  test("list and search show what is remembered, by whom it is about", async () => {
    const { status, stdout } = await parley(["memory", "list"]);
    assert.equal(status, 0);
    assert.match(stdout, /^ADDRESS +SCOPE +STATE +SINCE +TEXT\n/);
    assert.match(stdout, /^[0-9a-f]{12} +user:telegram:work:42 +active +.* +I like jazz$/m);
    const [ann, one, chat, tea, both] = await Promise.all([
      texts(["list", "--user", "telegram:42"]),
      texts(["list", "--user", "telegram@work:42"]),
      texts(["list", "--chat", "telegram:-100"]),
      texts(["search", "tea", "LIKE"]),
      texts(["list", "--chat", "telegram:-100", "--user", "telegram:142", "--limit", "1"]),
    ]);
    assert.deepEqual(ann, ["I like jazz", "I like green tea"]);
    assert.deepEqual(one, ["I like jazz"]);
    assert.deepEqual(chat, ["We ship on Mondays"]);
    assert.deepEqual(tea, ["I like black tea", "I like green tea"]);
    assert.deepEqual(both, ["I like black tea"]);
  });

  test("show tells where one comes from, without what names do to a terminal", async () => {
    const { memories } = (await json(["memory", "search", "green"])) as { memories: { address: string }[] };
    const { stdout } = await parley(["memory", "show", memories[0]?.address.slice(0, 12) ?? ""]);
    assert.match(stdout, /^Text +I like green tea$/m);
    assert.match(stdout, /^Said by +telegram:42 Ann\\u001b\[2J$/m);
    assert.match(stdout, new RegExp(`^Source +${sessionId}, lines 1 to 1 \\(DM with Ann\\)$`, "m"));
  });

  test("export writes JSON lines, to a new file only", async () => {
    const out = join(folder, "memory.jsonl");
    assert.equal((await parley(["memory", "export", "--out", out])).status, 0);
    const written = readFileSync(out, "utf8").trimEnd().split("\n");
    assert.equal(written.length, 4);
    assert.equal(JSON.parse(written[0] ?? "").scope, "chat:telegram:default:-100");
    assert.equal((await parley(["memory", "export", "--out", out])).status, 1);
    const { stdout } = await parley(["memory", "export", "--user", "telegram:142"]);
    assert.equal(JSON.parse(stdout).content, "I like black tea");
  });

  test("archives are listed and shown with the lines they stand for", async () => {
    const { stdout } = await parley(["archives", "list", sessionId]);
    assert.match(stdout, /^ARCHIVE +LINES +MADE +MERGES +ABSTRACT\n\S+ +1 to \d+ .* They counted\.\\u001b\[2J\n$/);
    const { archives } = (await json(["archives", "list", sessionId])) as { archives: { archiveId: string }[] };
    const shown = await parley(["archives", "show", archives[0]?.archiveId ?? ""]);
    assert.match(shown.stdout, /^Task +counting\nDecision +count on\n\nThey counted\.\\u001b\[2J\n$/m);
    assert.equal((await parley(["archives", "show", "nothing"])).status, 1);
  });

  for (const [args, status, words] of [
    [["memory", "list", "--user", "42"], 2, /--user: expected platform:id/],
    [["memory", "list", "--state", "forgotten"], 2, /--state: expected one of active/],
    [["memory", "show", "abc"], 2, /expected 12 to 64 digits/],
    [["memory", "show", "0123456789ab"], 1, /nothing is remembered under 0123456789ab/],
    [["memory", "forget"], 2, /expected an address, or --user/],
    [["memory", "forget", "0123456789ab"], 1, /nothing is remembered under/],
    [["memory", "forget", "--user", "telegram:42"], 2, /expected --yes/],
    [["archives", "list", "20260101_000000_00000000"], 1, /there is no session/],
  ] as const) {
    test(`${args.join(" ")} says what is wrong in one line`, async () => {
      const told = await parley(args);
      assert.deepEqual([told.status, told.stdout], [status, ""]);
      assert.match(told.stderr, /^parley: [^\n]+\n$/);
      assert.match(told.stderr, words);
    });
  }

  test("forget lets one go, and a person in all scopes, with a report", async () => {
    const { memories } = (await json(["memory", "search", "black"])) as { memories: { address: string }[] };
    const forgotten = await parley(["memory", "forget", memories[0]?.address ?? ""]);
    assert.deepEqual([forgotten.stdout, forgotten.stderr], ["Forgotten in 1 place.\n", ""]);
    const { stdout } = await parley(["memory", "forget", "--user", "telegram:42", "--yes"]);
    assert.equal(
      stdout,
      "Erased                      3\nuser:telegram:default:42    1\nchat:telegram:default:-100  1\nuser:telegram:work:42       1\nactive                      3\nConversations that stay     1\nof them with summaries      1\n",
    );
    assert.deepEqual(await texts(["list"]), []);
    assert.match((await parley(["memory", "list"])).stderr, /^Nothing is remembered there\./m);
  });
});

test("sessions delete --forget takes what was learned in it along", async () => {
  await using place = workplace();
  const sessionId = await fill(place.dataDir);
  const texts = async () =>
    ((await place.json(["memory", "list"])) as { memories: { content: string }[] }).memories.map(
      ({ content }) => content,
    );
  assert.equal((await texts()).length, 4);
  const deleted = await place.parley(["sessions", "delete", sessionId, "--forget", "--yes"]);
  assert.equal(deleted.stdout, `${sessionId} is deleted.\n`);
  assert.deepEqual((await texts()).toSorted(), ["I like black tea", "I like jazz"]);
});

test("parley memory goes through a daemon that runs", async () => {
  await using place = workplace();
  await fill(place.dataDir);
  const daemon = await place.daemon();
  const { memories } = (await place.json(["memory", "search", "black"])) as { memories: { address: string }[] };
  const address = memories[0]?.address ?? "";
  assert.equal((await place.parley(["memory", "forget", address])).stdout, "Forgotten in 1 place.\n");
  const again = await place.parley(["memory", "forget", address]);
  assert.match(again.stderr, /^parley: the running daemon refused: Nothing is remembered there/);
  const report = await place.json(["memory", "forget", "--user", "telegram:42", "--yes"]);
  assert.deepEqual(report, {
    total: 3,
    byScope: { "user:telegram:default:42": 1, "chat:telegram:default:-100": 1, "user:telegram:work:42": 1 },
    byState: { active: 3 },
    stays: { conversations: 1, summedUp: 1 },
  });
  await daemon.end("SIGTERM");
});
