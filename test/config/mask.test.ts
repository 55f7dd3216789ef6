import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { stringify } from "yaml";
import { maskedConfig } from "../../config/mask.ts";
import { loadText, problemsFrom } from "./load-text.ts";

/** A random text that occurs in nothing we print by chance. */
const secret = fc.stringMatching(/^[a-z0-9]{16,40}$/);

function fileWith(hush: string) {
  const program = { command: "x", env: { KEY: hush, OTHER: hush } };
  return {
    console: { token: hush },
    agents: {
      openai: { kind: "openai", apiKey: hush, headers: { Authorization: `Bearer ${hush}` } },
      anthropic: { kind: "anthropic", apiKey: hush, headers: { "x-api-key": hush } },
      command: { kind: "command", ...program },
      acp: { kind: "acp", ...program },
      module: { kind: "module", path: "x", options: { key: hush, deep: { key: [hush] } } },
    },
    platforms: {
      telegram: {
        token: `123:${hush}`,
        webhookSecret: hush,
        accounts: { work: { token: `124:${hush}`, webhookSecret: hush } },
      },
      discord: { token: `1${hush}`, accounts: { work: { token: hush } } },
      slack: {
        botToken: `xoxb-${hush}`,
        appToken: `xapp-${hush}`,
        signingSecret: hush,
        accounts: { work: { botToken: `xoxb-2${hush}`, appToken: `xapp-2${hush}` } },
      },
    },
  };
}

describe("maskedConfig", () => {
  test("never shows a secret", () => {
    fc.assert(
      fc.property(secret, (hush) => {
        const shown = JSON.stringify(maskedConfig(loadText(stringify(fileWith(hush))).config));
        assert.ok(!shown.includes(hush));
        assert.equal(shown.split('"***"').length - 1, 23);
      }),
      { numRuns: 25 },
    );
  });

  test("shows everything else, and that a secret is absent", () => {
    const { config } = loadText(
      "console: { port: 9 }\nplatforms: { discord: { token: x } }\nroutes: [ { match: { chatId: a }, agent: main } ]",
    );
    assert.deepEqual(maskedConfig(config), {
      ...config,
      platforms: { ...config.platforms, discord: [{ ...config.platforms.discord[0], token: "***" }] },
    });
  });
});

describe("a ConfigError", () => {
  /** The same file with every secret in a form that is refused, by itself or through the environment. */
  const brokenFile = (hush: string, viaEnvironment: boolean) => {
    const written = viaEnvironment ? "${HUSH}" : `${hush} ${hush}`;
    const file = fileWith(written);
    return stringify({
      ...file,
      queue: { mode: written, maxPending: written },
      agents: {
        ...file.agents,
        url: { kind: "openai", baseUrl: `http://u:${written}@x/`, model: "m" },
        kind: { kind: written },
      },
      log: viaEnvironment ? { level: written } : {},
      routes: viaEnvironment ? [{ match: {}, agent: written }] : [],
      jobs: viaEnvironment ? [{ name: written, schedule: written, prompt: written, deliver: [written] }] : [],
    });
  };

  test("never shows a secret, however wrong it is", () => {
    fc.assert(
      fc.property(secret, fc.constantFrom("", "xoxb-", "xapp-", "sk-", "x y "), (random, prefix) => {
        const hush = prefix + random;
        const viaEnvironment = problemsFrom(() => loadText(brokenFile("", true), { HUSH: `${hush} ${hush}` }));
        assert.ok(viaEnvironment.length > 10);
        assert.ok(!JSON.stringify(viaEnvironment).includes(random));
        const inFile = problemsFrom(() => loadText(brokenFile(hush, false))).filter(
          (problem) => !/^(queue|agents\.kind)/.test(problem.path),
        );
        assert.ok(inFile.length > 5);
        assert.ok(!JSON.stringify(inFile).includes(random));
      }),
      { numRuns: 25 },
    );
  });

  test("never quotes the line of a syntax error", () => {
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom("token: [", "token: 'x", "- ", "token: @", "a: b: ", "token: *", "token: !"),
        (hush, start) => {
          const problems = problemsFrom(() => loadText(`${start}${hush}\n  ${hush}: ]\n`));
          assert.ok(problems.length > 0);
          assert.ok(!JSON.stringify(problems).includes(hush));
        },
      ),
      { numRuns: 50 },
    );
  });
});
