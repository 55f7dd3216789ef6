import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { putHome } from "../../src/store/homes.ts";
import { selectOutboxAfter } from "../../src/store/outbox.ts";
import { openConnection } from "../../src/store/sqlite.ts";
import { workplace } from "./parley-process.ts";

test("send speaks through the platform's first bot, or the one that is named", async () => {
  await using place = workplace();
  const config = join(place.folder, "bots.yaml");
  writeFileSync(
    config,
    "platforms: { telegram: { accounts: { one: { token: '1:a' }, two: { token: '2:b', homeChannel: { chatId: '-2' } } } } }\n",
  );
  const send = (...args: readonly string[]) => place.parley(["send", "--config", config, ...args, "hello"]);
  assert.match((await send("--to", "telegram:5")).stdout, /kept as post/);
  assert.match((await send("--to", "telegram:6", "--account", "two")).stdout, /kept as post/);
  assert.match((await send("--to", "telegram")).stdout, /kept as post/);
  const db = openConnection(join(place.dataDir, "parley.db"), "read");
  const kept = selectOutboxAfter(db, "telegram", 0, 10);
  db.close();
  assert.deepEqual(
    kept.map((row) => [row.account, row.chat_id]),
    [
      ["one", "5"],
      ["two", "6"],
      ["two", "-2"],
    ],
  );
  const [wrong, homeless] = [
    await send("--to", "telegram:5", "--account", "three"),
    await send("--to", "telegram", "--account", "one"),
  ];
  assert.deepEqual([wrong.status, homeless.status], [2, 2]);
  assert.match(wrong.stderr, /--account: expected one of one, two for telegram, got "three"\./);
  assert.match(homeless.stderr, /telegram@one has no home channel/);
});

test("send to a platform goes where an admin said that its home is", async () => {
  await using place = workplace();
  const config = join(place.folder, "bots.yaml");
  writeFileSync(config, "platforms: { telegram: { token: '1:a', homeChannel: { chatId: '-1' } } }\n");
  const db = openConnection(join(place.dataDir, "parley.db"), "write");
  putHome(db, "telegram", { kind: "place", account: "default", chatId: "-7", threadId: null, name: null });
  db.close();
  assert.match((await place.parley(["send", "--config", config, "--to", "telegram", "hello"])).stdout, /kept as post/);
  const reader = openConnection(join(place.dataDir, "parley.db"), "read");
  const [post] = selectOutboxAfter(reader, "telegram", 0, 10);
  reader.close();
  assert.equal(post?.chat_id, "-7");
});
