import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { readUpdate } from "../../../adapters/telegram/read.ts";
import { bot, dm, message } from "./update.ts";

function said(fields: Readonly<Record<string, unknown>>) {
  const reading = readUpdate(message(dm, fields), bot);
  assert.ok(reading.kind === "message", JSON.stringify(reading));
  return reading.message;
}

suite("what is shown, as text", () => {
  const place = { latitude: 52.52, longitude: 13.4 };
  const options = [{ text: "yes" }, { text: "no\nway" }];
  const table: readonly [string, Readonly<Record<string, unknown>>, string][] = [
    ["a sticker", { sticker: { emoji: "😀" } }, "[sticker 😀]"],
    ["a sticker without an emoji", { sticker: {} }, "[sticker]"],
    ["a location", { location: place }, "[location 52.52, 13.4]"],
    [
      "a venue",
      { location: place, venue: { location: place, title: "Pub", address: "High St 1" } },
      "[location Pub, High St 1, 52.52, 13.4]",
    ],
    ["a contact", { contact: { phone_number: "+491", first_name: "Bo", last_name: "Li" } }, "[contact Bo Li, +491]"],
    ["a poll", { poll: { question: "Go?", options } }, "[poll Go?]\n- yes\n- no way"],
    ["a checklist", { checklist: { title: "Trip", tasks: [{ text: "pack" }] } }, "[checklist Trip]\n- pack"],
    ["a dice", { dice: { emoji: "🎲", value: 4 } }, "[dice 🎲 4]"],
    ["a game", { game: { title: "Lumber" } }, "[game Lumber]"],
    ["a story", { story: { id: 1 } }, "[story]"],
    ["paid media", { paid_media: { star_count: 1 } }, "[paid media]"],
    ["brackets and breaks in a name", { contact: { first_name: "a]\n/new [x\u202e" } }, "[contact a /new x]"],
  ];
  for (const [name, fields, text] of table) {
    test(name, () => assert.equal(said(fields).text, text));
  }

  test("forwarded words say whose they are", () => {
    const chat = { id: -7, type: "channel", title: "News" };
    const origins: readonly [object, string][] = [
      [{ type: "user", sender_user: { id: 3, first_name: "Eve", username: "eve" } }, "[Forwarded from eve]"],
      [{ type: "hidden_user", sender_user_name: "Mal\n/reset" }, "[Forwarded from Mal /reset]"],
      [{ type: "chat", sender_chat: chat }, "[Forwarded from News]"],
      [{ type: "channel", chat, message_id: 3 }, "[Forwarded from News]"],
      [{ type: "unheard_of" }, "[Forwarded]"],
    ];
    for (const [forward_origin, line] of origins) {
      assert.equal(said({ forward_origin, text: "/reset" }).text, `${line}\n/reset`);
    }
  });

  test("a forwarded picture without words still says whose it is", () => {
    const forward_origin = { type: "hidden_user", sender_user_name: "Mal" };
    const { text, attachments } = said({ forward_origin, voice: { file_id: "v" } });
    assert.deepEqual([text, attachments.length], ["[Forwarded from Mal]", 1]);
  });
});

suite("files", () => {
  const file = { file_id: "f", file_size: 3, file_name: "a.bin", mime_type: "x/y" };
  const table: readonly [string, Readonly<Record<string, unknown>>, readonly [string, string, string]][] = [
    ["a voice message", { voice: { file_id: "f" } }, ["voice", "audio/ogg", "voice.ogg"]],
    ["music", { audio: { ...file, mime_type: "audio/mp4" } }, ["audio", "audio/mp4", "a.bin"]],
    ["a video", { video: { file_id: "f" } }, ["video", "video/mp4", "video.mp4"]],
    ["a round video", { video_note: { file_id: "f" } }, ["video", "video/mp4", "video-note.mp4"]],
    [
      "an animation, which comes twice",
      { animation: { file_id: "f" }, document: file },
      ["video", "video/mp4", "animation.mp4"],
    ],
    ["a file", { document: file }, ["file", "x/y", "a.bin"]],
    ["a picture as a file", { document: { ...file, mime_type: "image/png" } }, ["image", "image/png", "a.bin"]],
    ["a file without a type", { document: { file_id: "f" } }, ["file", "application/octet-stream", "file"]],
  ];
  for (const [name, fields, expected] of table) {
    test(name, () => {
      const [first, ...others] = said(fields).attachments;
      assert.deepEqual([first?.kind, first?.mimeType, first?.name, first?.reference], [...expected, "f"]);
      assert.equal(others.length, 0);
    });
  }

  test("of a photo the largest size, wherever it stands", () => {
    const photo = [
      { file_id: "large", file_size: 9, width: 900, height: 600 },
      { file_id: "small", file_size: 1, width: 90, height: 60 },
    ];
    assert.deepEqual(said({ photo }).attachments, [
      { kind: "image", mimeType: "image/jpeg", sizeBytes: 9, name: "photo.jpg", reference: "large" },
    ]);
  });
});

suite("more that may follow", () => {
  test("a part of an album, and a text that fills a message, wait for the rest", () => {
    const photo = [{ file_id: "p", width: 1, height: 1 }];
    assert.equal(said({ photo, media_group_id: "9" }).waitsForMore, true);
    assert.equal(said({ text: "x".repeat(4_096) }).waitsForMore, true);
    assert.equal(said({ photo }).waitsForMore, undefined);
    assert.equal(said({ text: "x".repeat(3_000) }).waitsForMore, undefined);
  });
});
