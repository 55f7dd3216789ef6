import assert from "node:assert/strict";
import type { LookupAddress } from "node:dns";
import { test } from "node:test";
import { isPublicAddress, publicLookup, type ResolveAll } from "../../src/media/public-address.ts";

const privateOnes = [
  "0.0.0.0",
  "10.0.0.1",
  "100.64.0.1",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "192.0.0.192",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::127.0.0.1",
  "::ffff:127.0.0.1",
  "::ffff:169.254.169.254",
  "::ffff:a9fe:a9fe",
  "64:ff9b::10.0.0.1",
  "2002:7f00:1::",
  "2001:0:4136:e378::",
  "fc00::1",
  "fd00:ec2::254",
  "fe80::1",
  "fe80::1%eth0",
  "ff02::1",
  "no address",
  "",
];
for (const address of privateOnes) {
  test(`${JSON.stringify(address)} is no address of the Internet`, () => assert.equal(isPublicAddress(address), false));
}

const publicOnes = [
  "1.1.1.1",
  "9.255.255.255",
  "11.0.0.0",
  "100.63.255.255",
  "172.15.255.255",
  "172.32.0.0",
  "169.253.255.255",
  "192.167.255.255",
  "223.255.255.255",
  "2606:4700::1111",
  "2a00:1450:4001::200e",
  "::ffff:1.1.1.1",
  "64:ff9b::1.1.1.1",
];
for (const address of publicOnes) {
  test(`${address} is an address of the Internet`, () => assert.equal(isPublicAddress(address), true));
}

const resolving =
  (...addresses: readonly string[]): ResolveAll =>
  (_name, _options, found) =>
    found(
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(":") ? 6 : 4 })),
    );

/** What the socket is told to connect to. */
function looked(resolve: ResolveAll, all: boolean): Promise<unknown> {
  return new Promise((settle, reject) => {
    publicLookup(resolve)("files.example.org", { all }, (error, address) => (error ? reject(error) : settle(address)));
  });
}

test("a socket gets the very addresses that were judged, in the form it asked for", async () => {
  assert.equal(await looked(resolving("1.1.1.1"), false), "1.1.1.1");
  assert.deepEqual(await looked(resolving("1.1.1.1", "2606:4700::1111"), true), [
    { address: "1.1.1.1", family: 4 },
    { address: "2606:4700::1111", family: 6 },
  ]);
});

test("one private address among a name's is enough to refuse it, and the error tells no name", async () => {
  for (const all of [true, false]) {
    await assert.rejects(looked(resolving("1.1.1.1", "10.0.0.7"), all), (error) => {
      assert.ok(error instanceof Error && "code" in error);
      assert.equal(error.code, "PRIVATE_ADDRESS");
      assert.doesNotMatch(error.message, /example|10\.0/);
      return true;
    });
  }
});

test("a name that leads nowhere, and one that can't be asked for, are errors", async () => {
  await assert.rejects(looked(resolving(), true), /without an address/);
  const failing: ResolveAll = (_name, _options, found) => found(new Error("no DNS"), []);
  await assert.rejects(looked(failing, true), /no DNS/);
});
