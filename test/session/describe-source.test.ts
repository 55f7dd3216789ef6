import assert from "node:assert/strict";
import { test } from "node:test";
import { describeSource } from "../../src/session/describe-source.ts";
import type { SessionSource } from "../../src/session/source.ts";
import { sourceOf } from "./source-of.ts";

const table: readonly (readonly [fields: Partial<SessionSource>, line: string])[] = [
  [{ platform: "local", chatName: "x" }, "CLI terminal"],
  [{ platform: "job", chatName: "standup", threadId: "3" }, "run 3 of standup"],
  [{ platform: "job", chatName: "standup" }, "standup"],
  [{ userName: "Ann", userId: "7" }, "DM with Ann"],
  [{ userId: "7" }, "DM with 7"],
  [{}, "DM with C1"],
  [{ userName: "Ann", threadId: "42" }, "DM with Ann, thread: 42"],
  [{ chatType: "group", chatName: "Ops" }, "group: Ops"],
  [{ chatType: "group" }, "group: C1"],
  [{ chatType: "channel", chatName: "#general", threadId: "42" }, "channel: #general, thread: 42"],
  [{ chatType: "thread", chatName: "#general", threadId: "42" }, "#general, thread: 42"],
  [{ chatType: "thread", chatName: "plans", chatId: "9", threadId: "9" }, "thread: plans"],
  [{ chatType: "thread", chatName: "plans" }, "thread: plans"],
  [{ chatType: "group", chatName: "a\nb\u202e" }, "group: a b"],
  [{ chatType: "group", chatName: "\u200b" }, "group: C1"],
  [{ chatId: "\u200b" }, "DM with somebody"],
];

for (const [fields, line] of table) {
  test(`${JSON.stringify(fields)} is described as ${line}`, () => assert.equal(describeSource(sourceOf(fields)), line));
}
