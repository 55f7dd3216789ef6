import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { legacyAddr, type MemoryNode, nodeAddress, SHOWN_ADDRESS_LENGTH } from "../../src/memory/node-address.ts";
import { readMemoryVectors } from "./vectors/read-vectors.ts";

type Triple = readonly [type: string, content: string, inputs: readonly string[]];
const vectors = readMemoryVectors<{
  readonly addresses: readonly (MemoryNode & { readonly addr: string })[];
  readonly collisions: readonly { readonly a: Triple; readonly b: Triple; readonly equal: boolean }[];
}>("chains");

function nodeOf([type, content, inputs]: Triple): MemoryNode {
  return { type, content, inputs };
}

test("older addresses come out byte for byte", () => {
  assert.ok(vectors.addresses.length >= 18);
  for (const node of vectors.addresses) assert.equal(legacyAddr(node), node.addr, JSON.stringify(node));
});

test("different nodes whose older addresses collide have addresses of their own", () => {
  assert.equal(vectors.collisions.length, 2);
  for (const { a, b, equal } of vectors.collisions) {
    assert.equal(legacyAddr(nodeOf(a)) === legacyAddr(nodeOf(b)), equal);
    assert.notEqual(nodeAddress(nodeOf(a)), nodeAddress(nodeOf(b)));
  }
});

const leaf = (content: string, inputs: readonly string[] = []): MemoryNode => ({ type: "leaf", content, inputs });

/** two contents, whether they are the same node */
const table: readonly (readonly [string, string, boolean])[] = [
  ["line1\nline2", "line1\r\nline2", true],
  ["line1\nline2", "line1\rline2", true],
  ["h\u00e9llo", "he\u0301llo", true],
  ["User prefers tea", "user prefers tea", false],
  ["User prefers tea", "User prefers tea ", false],
];

for (const [one, other, isSame] of table) {
  test(`${JSON.stringify(one)} and ${JSON.stringify(other)} are ${isSame ? "one node" : "two nodes"}`, () => {
    assert.equal(nodeAddress(leaf(one)) === nodeAddress(leaf(other)), isSame);
  });
}

test("an address is the digest of one canonical form, whatever the order of its inputs and however often they are named", () => {
  // printf '["v1","leaf","x",[]]' | sha256sum
  assert.match(nodeAddress(leaf("x")), /^[0-9a-f]{64}$/);
  assert.equal(nodeAddress(leaf("x")).slice(0, SHOWN_ADDRESS_LENGTH), "c2ea5101f14d");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.array(fc.string()), (content, inputs) => {
      assert.equal(nodeAddress(leaf(content, inputs)), nodeAddress(leaf(content, [...inputs, ...inputs].reverse())));
    }),
  );
});

test("nodes that differ have different addresses", () => {
  const node = fc.record({ type: fc.string(), content: fc.string(), inputs: fc.uniqueArray(fc.string()) });
  fc.assert(
    fc.property(node, node, (one, other) => {
      const same = [one, other].map(({ type, content, inputs }) => {
        return JSON.stringify([type, content.replace(/\r\n?/g, "\n").normalize("NFC"), inputs.toSorted()]);
      });
      assert.equal(nodeAddress(one) === nodeAddress(other), same[0] === same[1]);
    }),
  );
});
