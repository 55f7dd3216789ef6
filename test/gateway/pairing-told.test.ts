import assert from "node:assert/strict";
import { test } from "node:test";
import type { PlatformRules } from "../../src/gateway/platform-rules.ts";
import { type Log, type LogFields, silentLog } from "../../src/observe/log.ts";
import { bareGateway } from "../support/bare-gateway.ts";
import { until } from "../support/until.ts";

const admit: PlatformRules["admit"] = ({ source }) =>
  source.userId === "boss" ? { kind: "admitted", isAdmin: true } : { kind: "stranger", mayPair: true };
const byBoss = { source: { userId: "boss" } };

test("operators read who asked to be let in, who decided what, and that codes are guessed; a code they never read", async () => {
  const lines: string[] = [];
  const told = (fields: LogFields, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { ...silentLog, info: told, warn: told };
  await using bare = await bareGateway({ rules: { admit }, log });
  await bare.say("c", "hello", { source: { userId: "bob" } });
  await until("bob has a code", () => bare.adapter.posts.length > 0);
  await bare.say("c", "hello?", { source: { userId: "bob" } });
  const code = /\b[A-Z2-9]{8}\b/.exec(bare.adapter.textsIn("c")[0] ?? "")?.[0] ?? "";
  assert.notEqual(code, "");
  for (const command of [`approve ${code}`, "revoke memory:bob", "revoke memory:bob"]) {
    await bare.say("d", `/pair ${command}`, byBoss);
  }
  for (let tries = 0; tries < 6; tries++) await bare.say("d", "/pair deny WRONGWRO", byBoss);
  await until("all are answered", () => bare.adapter.textsIn("d").length === 9);
  const by = { by: "memory:boss" };
  const decided = (outcome: string) =>
    `decided who may talk to the bot ${JSON.stringify({ person: "memory:bob", outcome, ...by })}`;
  assert.deepEqual(
    lines.filter((line) => /stranger|decided|pairing/.test(line)),
    [
      'a stranger asks to be let in {"platform":"memory","account":"default","person":"memory:bob"}',
      decided("approved"),
      decided("revoked"),
      ...[4, 3, 2, 1].map((triesLeft) => `wrong pairing code ${JSON.stringify({ ...by, triesLeft })}`),
      `too many wrong pairing codes, none is taken for an hour; an id still is ${JSON.stringify(by)}`,
    ],
  );
  assert.ok(lines.every((line) => !line.includes(code) && !line.includes("WRONG")));
});
