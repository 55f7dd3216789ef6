import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readCommandLine } from "../../src/cli/command-line.ts";
import { commands } from "../../src/cli/commands.ts";
import { helpText } from "../../src/cli/help.ts";

/** What the command line asks for, in short: the command, its operands, its options. */
function read(line: string): readonly unknown[] {
  const asked = readCommandLine(line.split(" ").filter(Boolean), commands);
  if (asked.kind === "help") return ["help", asked.topic];
  return [asked.command.name, asked.operands, Object.fromEntries(asked.options)];
}

const understood: readonly (readonly [line: string, asked: readonly unknown[]])[] = [
  ["", ["run", [], {}]],
  ["--port 0", ["run", [], { port: "0" }]],
  ["run --port=0 --log-level debug", ["run", [], { port: "0", "log-level": "debug" }]],
  ["--config a.yaml status --json", ["status", [], { config: "a.yaml", json: true }]],
  ["--json status", ["status", [], { json: true }]],
  ["sessions list --live --limit 5", ["sessions list", [], { live: true, limit: "5" }]],
  ["sessions --json list", ["sessions list", [], { json: true }]],
  ["sessions search two words", ["sessions search", ["two", "words"], {}]],
  ["send --to web:1 -- -5 degrees", ["send", ["-5", "degrees"], { to: "web:1" }]],
  ["send --to web:1 -", ["send", ["-"], { to: "web:1" }]],
  ["chat --chat=-x", ["chat", [], { chat: "-x" }]],
  ["config check", ["config check", [], {}]],
  ["config check other.yaml", ["config check", ["other.yaml"], {}]],
  ["--version", ["version", [], {}]],
  ["-v", ["version", [], {}]],
  ["--help", ["help", ""]],
  ["-h", ["help", ""]],
  ["help", ["help", ""]],
  ["sessions --help", ["help", "sessions"]],
  ["help sessions list", ["help", "sessions list"]],
  ["send -h", ["help", "send"]],
];

const refused: readonly (readonly [line: string, message: RegExp])[] = [
  ["chta", /no command "chta"\. Did you mean "chat"\?/],
  ["xylophone", /no command "xylophone"\. parley --help lists/],
  ["sessions", /^sessions: expected one of list, show, .*, got nothing\.$/],
  ["sessions lsit", /got "lsit"\. Did you mean "sessions list"\?/],
  ["jobs", /^jobs: expected one of list, show, add, run, pause, resume, remove, got nothing/],
  ["pair", /^pair: expected one of list, approve, deny, revoke, got nothing\.$/],
  ["status --jsn", /^status has no option --jsn\. Did you mean --json\?$/],
  ["status --port 1", /^status has no option --port/],
  ["send --to web:1 -5", /no option -5\..*goes after "--"/],
  ["run --port", /^--port: expected PORT after it, got nothing/],
  ["run --config --port 0", /^--config: expected FILE after it, got "--port"/],
  ["run --port=", /^--port: expected PORT/],
  ["status --json=yes", /^--json takes no value, got "yes"/],
  ["sessions show", /^sessions show: expected ID, got nothing/],
  ["sessions show a b", /^sessions show: did not expect "b"/],
  ["send --to web:1", /^send: expected TEXT…, got nothing/],
  ["version extra", /did not expect "extra"/],
];

describe("readCommandLine", () => {
  for (const [line, asked] of understood) {
    test(`understands "parley ${line}"`, () => assert.deepEqual(read(line), asked));
  }
  for (const [line, message] of refused) {
    test(`refuses "parley ${line}", and says what is wrong`, () =>
      assert.throws(() => read(line), { name: "UsageError", message }));
  }
});

describe("helpText", () => {
  test("lists every command with its operands", () => {
    const text = helpText("", commands);
    for (const { name, operands, summary } of commands) {
      const line = text.split("\n").find((one) => one.startsWith(`  ${[name, ...operands].join(" ")} `));
      assert.ok(line?.endsWith(summary), name);
    }
    assert.ok(text.split("\n").every((line) => line.length <= 120));
  });

  test("of a command lists every option with its value", () => {
    for (const { name, options } of commands) {
      const text = helpText(name, commands);
      assert.ok(text.startsWith(`Usage: parley ${name}`));
      for (const option of options)
        assert.ok(text.includes(`--${option.name}${option.value ? ` ${option.value}` : ""}`));
    }
  });

  test("of a group lists its commands", () => {
    assert.match(helpText("config", commands), /config check \[FILE\] .*\n.*config show .*\n.*config schema /);
  });

  test("means the same kind of value by the same option everywhere", () => {
    const kinds = new Map<string, boolean>();
    for (const { name, value } of commands.flatMap(({ options }) => options)) {
      assert.equal(kinds.get(name) ?? value === null, value === null, name);
      kinds.set(name, value === null);
    }
  });
});
