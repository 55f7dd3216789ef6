import assert from "node:assert/strict";
import { test } from "node:test";
import { botRules } from "../src/bot-rules.ts";
import { openRules } from "../src/gateway/platform-rules.ts";
import { loadText } from "./config/load-text.ts";
import { testStore } from "./support/test-store.ts";

const tokens = { telegram: 'token: "1:a"', discord: "token: x", slack: "botToken: xoxb-1, appToken: xapp-1" } as const;

for (const [platform, token] of Object.entries(tokens)) {
  const rulesOf = async (fields: string) => {
    await using opened = await testStore();
    const { config } = loadText(`platforms: { ${platform}: { ${token}${fields} } }`);
    const { requireMention, freeChats, streams, onAmbiguousSend, maxPerSecond, redactsPii } = botRules(
      config.platforms,
      opened.store.reader,
    )(platform, "default");
    return [requireMention, [...freeChats], streams, onAmbiguousSend, maxPerSecond, redactsPii];
  };

  test(`${platform}: what the configuration says of a bot is what the gateway goes by`, async () => {
    assert.deepEqual(await rulesOf(""), [true, [], true, "resend", null, false], "by default");
    assert.deepEqual(
      await rulesOf(
        ', requireMention: false, freeChats: ["7"], streaming: off, onAmbiguousSend: hold, maxPerSecond: 5, redactPii: true',
      ),
      [false, ["7"], false, "hold", 5, true],
    );
  });
}

test("the page and the terminal, which are in no configuration, are open to whoever reaches them", async () => {
  await using opened = await testStore();
  const rules = botRules(loadText("{}").config.platforms, opened.store.reader);
  for (const platform of ["web", "local"]) assert.equal(rules(platform, "default"), openRules);
});
