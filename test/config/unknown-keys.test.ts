import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { loadText, problemsOf } from "./load-text.ts";

describe("an unknown key", () => {
  test("is a warning with the nearest known one", () => {
    const { config, warnings } = loadText(`
quue: { mode: steer }
nothingLikeIt: 1
queue: { maxpending: 3 }
agents: { main: { kind: echo, modle: x } }
jobs: [ { name: a, schedule: "0 9 * * *", prompt: p, agnet: main } ]
platforms: { telegrm: {}, discord: { token: x, requiremention: false } }
agents2: { env: 1 }
`);
    assert.deepEqual(warnings, [
      'quue: unknown key, ignored. Did you mean "queue"?',
      "nothingLikeIt: unknown key, ignored.",
      'queue.maxpending: unknown key, ignored. Did you mean "maxPending"?',
      "agents.main.modle: unknown key, ignored.",
      'jobs[0].agnet: unknown key, ignored. Did you mean "agent"?',
      'platforms.telegrm: unknown key, ignored. Did you mean "telegram"?',
      'platforms.discord.requiremention: unknown key, ignored. Did you mean "requireMention"?',
      'agents2: unknown key, ignored. Did you mean "agents"?',
    ]);
    assert.equal(config.queue.maxPending, 50);
  });

  for (const [file, path] of [
    ["access: { alow: [] }", "access.alow"],
    ["console: { tokn: x }", "console.tokn"],
    ["platforms: { discord: { token: x, access: { whatever: 1 } } }", "platforms.discord.access.whatever"],
    ["acess: { mode: allowlist }", "acess"],
    ["Console: { token: x }", "Console"],
    ["platforms: { discord: { token: x, acces: {} } }", "platforms.discord.acces"],
  ] as const) {
    test(`${path} is an error: a mistyped lock is no lock`, () => {
      const [problem, ...others] = problemsOf(file);
      assert.deepEqual(others, []);
      assert.equal(problem?.path, path);
      assert.match(problem?.message ?? "", /got an unknown key\. (Did you mean "|Remove it\.)/);
    });
  }

  test("inside free mappings there are none", () => {
    const { warnings } = loadText(
      "agents: { a: { kind: module, path: x, options: { any: { thing: 1 } } }, b: { kind: command, command: x, env: { A: b } } }",
    );
    assert.deepEqual(warnings, []);
  });
});
