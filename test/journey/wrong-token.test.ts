import assert from "node:assert/strict";
import { test } from "node:test";
import { runHere } from "../cli/parley-process.ts";
import { type PlatformName, platformNames, postsIn } from "../support/chat-world.ts";
import { startPlatformDaemon } from "../support/platform-daemon.ts";
import { until } from "../support/until.ts";

const wrong: Record<PlatformName, Readonly<Record<string, string>>> = {
  telegram: { token: "99999999:not-the-token-at-all" },
  discord: { token: "not-the-token-at-all" },
  slack: { botToken: "xoxb-not-the-token-at-all" },
};

for (const broken of platformNames) {
  test(`a wrong token of ${broken}: the daemon says so, and the other platforms work`, async () => {
    await using parley = await startPlatformDaemon({ sections: { [broken]: wrong[broken] } });
    const { url } = parley.daemon();
    for (const world of parley.worlds.filter(({ platform }) => platform !== broken)) {
      world.say(world.dm(1), "are you there?");
      await until("it answers", () => postsIn(world, world.dm(1)).length === 1);
    }
    const ready = await fetch(`${url}/readyz`);
    assert.equal(ready.status, 503);
    const { reasons } = (await ready.json()) as { reasons: string[] };
    assert.equal(reasons.length, 1);
    assert.match(reasons[0] ?? "", new RegExp(`${broken}.*token`, "i"));
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    const doctor = await runHere(["doctor", "--config", parley.configPath], parley.dataDir, parley.dataDir);
    assert.equal(doctor.status, 1);
    for (const platform of platformNames) {
      assert.match(doctor.stdout, new RegExp(`^${platform === broken ? "problem" : "ok"} +${platform}: `, "m"));
    }
    const seen = `${parley.logged()}\n${doctor.stdout}\n${reasons.join("\n")}\n${await (await fetch(`${url}/metrics`)).text()}`;
    for (const secret of ["not-the-token-at-all", ...parley.worlds.flatMap(({ secrets }) => secrets)]) {
      assert.ok(!seen.includes(secret), "no token is logged");
    }
    assert.match(parley.logged(), new RegExp(broken));
  });
}
