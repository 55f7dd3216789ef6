import assert from "node:assert/strict";
import { test } from "node:test";
import { keptAttachments } from "../../src/message/kept-attachments.ts";

const photo = { kind: "image", mimeType: "image/png", name: "a.png", reference: "file-1" };

test("files that were kept with their reference can be asked for again", () => {
  const { names, references } = keptAttachments({ attachments: [photo], replyTo: {} });
  assert.deepEqual(names, ["a.png"]);
  assert.deepEqual(references, [{ ...photo, sizeBytes: null }]);
});

test("a file without a reference, or of a kind nobody knows, has only its name", () => {
  const { reference: _reference, ...old } = photo;
  const { names, references } = keptAttachments({ attachments: [old, { ...photo, kind: "hologram" }] });
  assert.deepEqual(names, ["a.png", "a.png"]);
  assert.deepEqual(references, []);
});

const nothing: readonly (Readonly<Record<string, unknown>> | null)[] = [
  null,
  {},
  { attachments: "a.png" },
  { attachments: [{ name: 1 }] },
];
for (const extra of nothing) {
  test(`${JSON.stringify(extra)} is no list of files`, () => {
    assert.deepEqual(keptAttachments(extra), { names: [], references: [] });
  });
}
