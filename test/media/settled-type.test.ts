import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type SettledType, settledType } from "../../src/media/settled-type.ts";
import { HEAD_BYTES } from "../../src/media/signatures.ts";
import { sample, samples } from "./sample-files.ts";

const UNKNOWN = "application/octet-stream";

test("every type that content can tell is told, whatever is claimed", () => {
  for (const [mimeType, head] of Object.entries(samples)) {
    for (const claimed of ["text/plain", "image/x-unheard-of", UNKNOWN, "", mimeType]) {
      assert.equal(settledType({ kind: "file", mimeType: claimed }, head).mimeType, mimeType, `claimed ${claimed}`);
    }
  }
});

const docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/** what is claimed, content, what it is taken for. */
const table: readonly (readonly [claimed: SettledType, content: Buffer, taken: SettledType])[] = [
  [claim("image", "image/png"), sample("image/jpeg"), claim("image", "image/jpeg")],
  [claim("image", "image/jpg"), sample("image/jpeg"), claim("image", "image/jpeg")],
  [claim("image", "image/png"), Buffer.from("#!/bin/sh\nrm -rf /"), claim("file", UNKNOWN)],
  [claim("image", "image/svg+xml"), Buffer.from("<svg onload='alert(1)'/>"), claim("file", UNKNOWN)],
  [claim("image", "image/png"), Buffer.alloc(0), claim("file", UNKNOWN)],
  [claim("file", "image/png"), sample("image/png"), claim("image", "image/png")],
  [claim("image", "image/webp"), sample("video/webm"), claim("video", "video/webm")],
  [claim("audio", "audio/webm"), sample("video/webm"), claim("audio", "audio/webm")],
  [claim("voice", "audio/ogg; codecs=opus"), sample("audio/ogg"), claim("voice", "audio/ogg")],
  [claim("voice", "audio/ogg"), sample("image/png"), claim("image", "image/png")],
  [claim("audio", "audio/x-m4a"), sample("video/mp4"), claim("audio", "audio/mp4")],
  [claim("audio", "audio/mpeg"), Buffer.from("\xff\xfb\x90\x64\0\0", "latin1"), claim("audio", "audio/mpeg")],
  [claim("file", docx), sample("application/zip"), claim("file", docx)],
  [claim("file", docx), Buffer.from("MZ\x90\0"), claim("file", UNKNOWN)],
  [claim("file", "application/msword"), sample("application/x-ole-storage"), claim("file", "application/msword")],
  [claim("file", "application/pdf"), Buffer.from("<html>"), claim("file", UNKNOWN)],
  [claim("file", "text/csv"), Buffer.from("a,b\n1,2"), claim("file", "text/csv")],
  [claim("file", "text/plain"), Buffer.from("BMW has\0"), claim("file", UNKNOWN)],
  [claim("file", "text/plain"), Buffer.from("BMW builds cars"), claim("file", "text/plain")],
  [claim("file", "text/plain"), Buffer.from("\ufeffhi", "utf16le"), claim("file", "text/plain")],
  [claim("file", "application/json"), Buffer.from("{}"), claim("file", "application/json")],
  [claim("file", "TEXT/Plain; charset=utf-8"), Buffer.from("x"), claim("file", "text/plain")],
  [claim("file", "not a type\n"), Buffer.from("x"), claim("file", UNKNOWN)],
  [claim("file", `text/${"x".repeat(200)}`), Buffer.from("x"), claim("file", UNKNOWN)],
  [claim("file", "constructor/__proto__"), Buffer.from("x"), claim("file", UNKNOWN)],
];

for (const [claimed, content, taken] of table) {
  const shown = JSON.stringify(content.toString("latin1", 0, 12));
  test(`${shown}, claimed to be ${claimed.kind} ${JSON.stringify(claimed.mimeType.slice(0, 40))}, is ${taken.mimeType}`, () => {
    assert.deepEqual(settledType(claimed, content), taken);
  });
}

test("whatever the bytes, the kind follows the type, and the type is decided by the head alone", () => {
  const kinds = fc.constantFrom<SettledType["kind"]>("image", "audio", "video", "voice", "file");
  const types = fc.oneof(fc.constantFrom(...Object.keys(samples)), fc.string());
  const heads = fc.oneof(
    fc.uint8Array({ maxLength: 2 * HEAD_BYTES }),
    fc.constantFrom(...Object.values(samples)).map((head) => new Uint8Array(head)),
  );
  fc.assert(
    fc.property(kinds, types, heads, (kind, mimeType, content) => {
      const taken = settledType({ kind, mimeType }, content);
      assert.deepEqual(settledType({ kind, mimeType }, content.subarray(0, HEAD_BYTES)), taken);
      const top = taken.mimeType.split("/")[0];
      const expected = top === "image" || top === "video" ? top : top === "audio" ? /^(audio|voice)$/ : "file";
      if (typeof expected === "string") assert.equal(taken.kind, expected);
      else assert.match(taken.kind, expected);
    }),
  );
});

function claim(kind: SettledType["kind"], mimeType: string): SettledType {
  return { kind, mimeType };
}
