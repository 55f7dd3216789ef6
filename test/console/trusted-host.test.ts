import assert from "node:assert/strict";
import { test } from "node:test";
import { isTrustedHost, urlHost } from "../../src/console/trusted-host.ts";

/** host listened on, Host header, whether it is trusted */
const table: readonly (readonly [host: string, header: string | undefined, isTrusted: boolean])[] = [
  ["127.0.0.1", "127.0.0.1:8787", true],
  ["127.0.0.1", "localhost:8787", true],
  ["127.0.0.1", "LOCALHOST", true],
  ["127.0.0.1", "localhost.:8787", true],
  ["127.0.0.1", "127.0.0.1:9000", true],
  ["127.0.0.1", "127.5.5.5", true],
  ["127.0.0.1", "[::1]:8787", true],
  ["::1", "[::1]", true],
  ["127.0.0.1", "evil.example", false],
  ["127.0.0.1", "evil.example:8787", false],
  ["127.0.0.1", "localhost.evil.example", false],
  ["127.0.0.1", "127.0.0.1.evil.example", false],
  ["127.0.0.1", "127.0.0.1@evil.example", false],
  ["127.0.0.1", "evil.example#127.0.0.1", false],
  ["127.0.0.1", "192.168.1.5:8787", false],
  ["127.0.0.1", "0.0.0.0:8787", false],
  ["127.0.0.1", "", false],
  ["127.0.0.1", undefined, false],
  ["192.168.1.5", "192.168.1.5:8787", true],
  ["192.168.1.5", "192.168.1.6:8787", false],
  ["0.0.0.0", "192.168.1.5:8787", true],
  ["0.0.0.0", "[2001:db8::1]:8787", true],
  ["0.0.0.0", "box.lan:8787", false],
  ["fd00::1", "[fd00::1]:8787", true],
  ["box.lan", "Box.LAN:8787", true],
  ["127.0.0.1", "chat.example.org", true],
  ["127.0.0.1", "sub.chat.example.org", false],
];
for (const [host, header, isTrusted] of table) {
  test(`a server on ${host} ${isTrusted ? "answers" : "does not answer"} to the host ${header}`, () => {
    assert.equal(isTrustedHost(header, { host, allowedHosts: ["chat.example.org"] }), isTrusted);
  });
}

test("the address shown to people is one that a browser can open", () => {
  const shown = ["127.0.0.1", "localhost", "0.0.0.0", "::", "::1", "box.lan"].map(urlHost);
  assert.deepEqual(shown, ["127.0.0.1", "localhost", "127.0.0.1", "[::1]", "[::1]", "box.lan"]);
});
