import assert from "node:assert/strict";
import { test } from "node:test";
import { openAlbums } from "../../../adapters/telegram/albums.ts";
import { openTopicNames } from "../../../adapters/telegram/topic-names.ts";
import { readSessionSource } from "../../../src/session/source.ts";

function topic(threadId: string, chatTopic: string | null = null) {
  return readSessionSource({ platform: "telegram", chatType: "thread", chatId: "-7", threadId, chatTopic });
}

test("a topic's latest name is told, and only so many are remembered", () => {
  const names = openTopicNames();
  assert.equal(names.named(topic("5")).chatTopic, null);
  assert.equal(names.named(topic("5", "Plans")).chatTopic, "Plans");
  assert.equal(names.named(topic("5")).chatTopic, "Plans");
  names.learn("-7", "5", "Better plans");
  assert.equal(names.named(topic("5", "Plans")).chatTopic, "Better plans");
  for (let n = 10; n < 1_010; n++) names.learn("-7", String(n), "x");
  assert.equal(names.named(topic("5")).chatTopic, null);
  assert.equal(names.named(topic("1009")).chatTopic, "x");
});

test("albums are told apart by chat, and only so many are remembered", () => {
  const albums = openAlbums();
  assert.equal(albums.addressed("-7", "1", "yes"), "yes");
  assert.equal(albums.addressed("-7", "1", "no"), "yes");
  assert.equal(albums.addressed("-8", "1", "no"), "no");
  for (let n = 10; n < 210; n++) albums.addressed("-7", String(n), "yes");
  assert.equal(albums.addressed("-7", "1", "no"), "no");
});
