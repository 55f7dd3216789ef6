import assert from "node:assert/strict";
import { test } from "node:test";
import { maskedConfig } from "../../config/mask.ts";
import { secretValues } from "../../config/secret-values.ts";
import { loadText } from "./load-text.ts";

test("every secret that is masked is listed, and nothing else", () => {
  const { config } = loadText(`
console: { token: hush-console }
agents:
  main: { kind: openai, baseUrl: "http://localhost/v1", model: plain, apiKey: hush-key }
platforms:
  telegram: { token: "123:hush-telegram" }
  discord: { token: hush-discord, accounts: { work: { token: hush-work } } }
`);
  const secrets = secretValues(config);
  assert.deepEqual([...secrets].sort(), ["123:hush-telegram", "hush-console", "hush-discord", "hush-key", "hush-work"]);
  assert.equal(JSON.stringify(maskedConfig(config)).split('"***"').length - 1, secrets.length);
});

test("without secrets the list is empty", () => {
  assert.deepEqual(secretValues(loadText("{}").config), []);
});
