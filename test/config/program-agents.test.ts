import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { maskedConfig } from "../../config/mask.ts";
import { secretValues } from "../../config/secret-values.ts";
import { loadText, problemsOf } from "./load-text.ts";

const agentOf = (text: string) => loadText(`agents: { main: ${text} }`).config.agents.main;

describe("the least an agent that is a program needs, with its defaults", () => {
  const program = { args: [], cwd: null, env: {} };
  const table: readonly (readonly [text: string, agent: object])[] = [
    [
      "{ kind: command, command: ./answer }",
      { kind: "command", command: "./answer", ...program, shell: false, output: "auto", historyMessages: 20 },
    ],
    ["{ kind: acp, command: coder }", { kind: "acp", command: "coder", ...program, historyMessages: 20 }],
    ["{ kind: module, path: /a.ts }", { kind: "module", path: "/a.ts", options: {}, reload: false }],
    [
      '{ kind: http, url: "https://example.org/answer" }',
      {
        kind: "http",
        url: "https://example.org/answer",
        secret: null,
        headers: {},
        historyMessages: 20,
        firstByteTimeoutSeconds: 120,
      },
    ],
  ];
  for (const [text, agent] of table) test(text, () => assert.deepEqual(agentOf(text), agent));
});

describe("a mistake is told", () => {
  const table: readonly (readonly [text: string, message: RegExp])[] = [
    ["{ kind: command, command: a, output: json }", /main\.output: expected .*auto.*text.*jsonl/],
    ["{ kind: command, command: a, historyMessages: 501 }", /main\.historyMessages: expected .*500/],
    ["{ kind: http }", /main\.url: expected an address/],
    ['{ kind: http, url: "https://u:p@example.org/" }', /main\.url: expected an address.*without user name/],
    ['{ kind: http, url: "ftp://example.org/" }', /main\.url: expected an address/],
    ['{ kind: http, url: "http://a/", firstByteTimeoutSeconds: 0 }', /main\.firstByteTimeoutSeconds: expected/],
    ['{ kind: http, url: "http://a/", secret: "with space" }', /main\.secret: expected .*openssl rand/],
  ];
  for (const [text, message] of table) {
    test(text, () => {
      const said = problemsOf(`agents: { main: ${text} }`).map((problem) => `${problem.path}: ${problem.message}`);
      assert.match(said.join("\n"), message);
      assert.equal(said.length, 1);
    });
  }
});

test("the endpoint's secret and headers are never shown", () => {
  const { config } = loadText(
    'agents: { main: { kind: http, url: "http://a/", secret: hush-secret, headers: { Authorization: hush-header } } }',
  );
  assert.deepEqual([...secretValues(config)].sort(), ["hush-header", "hush-secret"]);
  assert.ok(!JSON.stringify(maskedConfig(config)).includes("hush"));
});
