import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hostTimeZone } from "../../config/host-time-zone.ts";
import { tempDir } from "../support/temp-dir.ts";

const ofIntl = new Intl.DateTimeFormat().resolvedOptions().timeZone;

const cases: readonly (readonly [target: string, expected: string])[] = [
  ["/usr/share/zoneinfo/Europe/Berlin", "Europe/Berlin"],
  ["../usr/share/zoneinfo/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"],
  ["/var/db/timezone/zoneinfo/Asia/Kolkata", "Asia/Kolkata"],
  ["/usr/share/zoneinfo/Etc/UTC", "UTC"],
  ["/usr/share/zoneinfo/right/Europe/Berlin", ofIntl],
  ["/usr/share/zoneinfo/Europe", ofIntl],
  ["/somewhere/else", ofIntl],
];

for (const [target, expected] of cases) {
  test(`a machine whose local time is ${target} is in ${expected === ofIntl ? "the zone Intl finds" : expected}`, () => {
    using folder = tempDir();
    const link = join(folder.path, "localtime");
    symlinkSync(target, link);
    assert.equal(hostTimeZone({}, link), expected);
  });
}

test("TZ wins over the link; what is not plain is left to Intl", () => {
  using folder = tempDir();
  assert.equal(hostTimeZone({}, join(folder.path, "none")), ofIntl);
  const link = join(folder.path, "localtime");
  symlinkSync("/usr/share/zoneinfo/Europe/Berlin", link);
  assert.equal(hostTimeZone({ TZ: "Asia/Tokyo" }, link), "Asia/Tokyo");
  assert.equal(hostTimeZone({ TZ: "CET-1CEST" }, link), ofIntl);
});
