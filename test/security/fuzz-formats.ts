import assert from "node:assert/strict";
import fc from "fast-check";
import { discordMarkdown, discordPlain, splitForDiscord } from "../../adapters/discord/format.ts";
import { slackMarkdown, slackMrkdwn, slackPlain, splitForSlack } from "../../adapters/slack/format.ts";
import { splitForTelegram, telegramHtml, telegramPlain } from "../../adapters/telegram/format.ts";
import { readYaml } from "../../config/yaml.ts";
import { readAcpUpdate } from "../../src/agent/acp-update.ts";
import { serverSentData } from "../../src/agent/http-events.ts";
import { readLine } from "../../src/agent/program-line.ts";
import { programOutput } from "../../src/agent/program-output.ts";
import { readEvents } from "../../src/cli/read-events.ts";
import { shownTree } from "../../src/message/shown-tree.ts";
import { portableSessionSchema } from "../../src/store/portable-index.ts";
import { readTranscriptLine, transcriptLine } from "../../src/store/transcript-line.ts";
import { problemsOf } from "../config/load-text.ts";
import { markdownParts } from "../support/markdown-parts.ts";
import { readDiscord } from "../support/read-discord.ts";
import { type FuzzTarget, fuzzTarget } from "./fuzz-target.ts";
import { mutated, oddJson, oddLongText, oddText } from "./odd-text.ts";

const markdown = fc.oneof(oddLongText, markdownParts);
const lineOf = (json: unknown) => JSON.stringify(json) ?? "";
const messageLine = {
  role: "user",
  content: "x",
  ts: "2026-01-15T12:00:00Z",
  message_id: "1",
  sender_id: "2",
  sender_name: "Ann",
};
const config = {
  dataDir: ".",
  console: { host: "127.0.0.1", port: 8787 },
  access: { mode: "pairing", allow: ["telegram:1"], admins: [] },
  reset: { default: { mode: "none" } },
  platforms: { telegram: { token: "1:abcdefgh" } },
  agents: { main: { kind: "echo" } },
};
/** An answer of several posts. What was made to be slow takes up to two seconds at 40,000, the longest that is posted (docs/security.md). */
const MAX_CUT_LENGTH = 12_000;
/** A text in pieces, as a network cuts it. */
const pieces = fc.array(
  fc.oneof(oddText, fc.constantFrom("data: ", "\n", "\r\n", '{"type":"text","text":"x"}', "event: a", ":")),
  { maxLength: 20 },
);

/** Markdown on its way out, and what files and programs say on its way in. */
export const formatTargets: readonly FuzzTarget[] = [
  fuzzTarget("markdown for Telegram", markdown, (text) => {
    const html = telegramHtml(text);
    assert.doesNotMatch(
      html,
      /<(?!\/?(?:b|i|s|code|pre|a|blockquote)\b)|href="(?!https?:|mailto:|tg:)|href="tg:(?:\/\/)?user/i,
    );
    telegramPlain(text);
  }),
  fuzzTarget("markdown for Discord", markdown, (text) => {
    assert.deepEqual(readDiscord(discordMarkdown(text)).pings, []);
    assert.deepEqual(readDiscord(discordPlain(text)).pings, []);
  }),
  fuzzTarget("markdown for Slack", markdown, (text) => {
    assert.doesNotMatch(slackMrkdwn(text), /<[!@#]/);
    assert.doesNotMatch(slackPlain(text), /<[!@#]/);
    slackMarkdown(text);
  }),
  fuzzTarget("markdown for the page", markdown, (text) => {
    assert.doesNotMatch(JSON.stringify(shownTree(text)), /"url":"(?!https?:|mailto:)/i);
  }),
  fuzzTarget("markdown cut for all", markdown, (text) => {
    for (const split of [splitForTelegram, splitForDiscord, splitForSlack]) split(text.slice(0, MAX_CUT_LENGTH));
  }),
  fuzzTarget("lines of transcripts", fc.oneof(oddLongText, mutated([messageLine]).map(lineOf)), (text) => {
    readTranscriptLine(text);
  }),
  fuzzTarget(
    "what becomes a line of a transcript",
    fc.tuple(oddLongText, oddText, oddJson),
    ([content, name, extra]) => {
      const line = transcriptLine({
        role: "user",
        content: content.toWellFormed(),
        atMs: 0,
        messageId: name.toWellFormed(),
        senderId: null,
        senderName: name.toWellFormed(),
        extra: { extra },
      });
      assert.equal(line.indexOf("\n"), line.length - 1, "one line");
      assert.ok(readTranscriptLine(line.trimEnd()).ok);
    },
  ),
  fuzzTarget("sessions of an imported index", oddJson, (json) => void portableSessionSchema.safeParse(json)),
  fuzzTarget("YAML", oddLongText, (text) => void readYaml(text, "parley.yaml")),
  fuzzTarget("configurations", mutated([config]).map(lineOf), (text) => void problemsOf(text)),
  fuzzTarget("lines of programs", fc.oneof(oddLongText, oddJson.map(lineOf)), (text) => void readLine(text)),
  fuzzTarget("output of programs", fc.tuple(fc.constantFrom("auto", "text", "jsonl"), pieces), ([mode, parts]) => {
    const output = programOutput(mode, () => {});
    for (const part of parts) output.push(part);
    output.end();
  }),
  fuzzTarget("server-sent events", pieces, async (parts) => {
    const stream = serverSentData();
    for (const part of parts) stream.push(part);
    for await (const _ of readEvents(parts.map((part) => new TextEncoder().encode(part)))) void _;
  }),
  fuzzTarget("updates of ACP", oddJson, (json) => void readAcpUpdate(json)),
];
