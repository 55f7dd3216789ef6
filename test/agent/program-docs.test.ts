import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, test } from "node:test";
import { moduleAgent } from "../../src/agent/module-agent.ts";
import { systemClock } from "../../src/clock/clock.ts";
import { loadText } from "../config/load-text.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";
import { commandBench } from "./command-bench.ts";
import { agentAt } from "./http-bench.ts";
import { eventsOf, failureOf, textOf } from "./program-turn.ts";
import { turnRequest } from "./turn-request.ts";

const page = readFileSync(new URL("../../docs/agents-programs.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language = "", code = ""]) => ({
  language,
  code,
}));

/** Writes the page's example of that name into a folder. */
function example(name: string, folder: string): string {
  const found = blocks.find(({ code }) => code.startsWith(`// ${name}`));
  assert.ok(found, `the page has no ${name}`);
  const path = join(folder, name);
  writeFileSync(path, found.code);
  return path;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

describe("the page about agents that are programs", () => {
  test("has configurations that load without a warning", () => {
    const env = { HOME: "/home/x", CODER_KEY: "k", AGENT_SECRET: "s", AGENT_KEY: "k" };
    const configurations = blocks.filter(({ language, code }) => language === "yaml" && code.startsWith("agents:"));
    assert.ok(configurations.length >= 6);
    for (const { code } of configurations) assert.deepEqual(loadText(code, env).warnings, [], code);
  });

  test("has a wrapper that works for whatever takes a prompt on its input", async () => {
    using bench = commandBench();
    const path = example("coder.mjs", bench.path);
    const agent = bench.agent([], { command: process.execPath, args: [path, "cat"], output: "text" });
    const history = () => [{ role: "user", text: "before", atMs: 0 }] as const;
    assert.equal(
      textOf(await eventsOf(agent, turnRequest({ history }))),
      "You are in a test.\n\nuser: before\n\nuser: Hello",
    );
  });

  test("has a line of shell that works", async () => {
    using bench = commandBench();
    const [, line = ""] = /shell: true, command: "([^"]+)"/.exec(page) ?? [];
    const events = await eventsOf(bench.script(line, { output: "text" }));
    assert.match(textOf(events), /\d+:\d+.*\n.*%/s);
    assert.deepEqual(events.at(-1), { kind: "done" });
  });

  test("has a module that works", async () => {
    using folder = tempDir();
    const agent = await moduleAgent({
      name: "own",
      path: example("agent.ts", folder.path),
      options: { greeting: "Hello" },
      reload: false,
      clock: systemClock,
      report: () => {},
    });
    assert.equal(textOf(await eventsOf(agent)), "Hello! You said: Hello");
  });

  test("has an endpoint that answers who knows the secret, and nobody else", async () => {
    using folder = tempDir();
    const port = await freePort();
    const child = spawn(process.execPath, [example("endpoint.ts", folder.path)], {
      env: { AGENT_SECRET: "s3cret", PORT: String(port) },
      stdio: "inherit",
    });
    try {
      const url = `http://127.0.0.1:${port}/`;
      await until("it listens", () =>
        fetch(url).then(
          () => true,
          () => false,
        ),
      );
      assert.equal(textOf(await eventsOf(agentAt(url, { secret: "s3cret" }))), "You said: Hello");
      for (const secret of ["other", null])
        assert.match(failureOf(await eventsOf(agentAt(url, { secret }))).detail, /answered 401/);
    } finally {
      child.kill();
      await once(child, "exit");
    }
  });
});
