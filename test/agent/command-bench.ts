import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AgentBackend } from "../../src/agent/backend.ts";
import { type CommandAgentOptions, commandAgent } from "../../src/agent/command-agent.ts";
import { systemClock } from "../../src/clock/clock.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";

const program = fileURLToPath(new URL("../fake/agents/command.ts", import.meta.url));

/** A folder with agents that run test/fake/agents/command.ts in it. */
export interface CommandBench extends Disposable {
  readonly path: string;
  /** What the agents reported, in order. */
  readonly reported: readonly string[];
  /** Makes one whose program gets these arguments. */
  agent(args: readonly string[], changes?: Partial<CommandAgentOptions>): AgentBackend;
  /** Makes one that runs a line of shell. */
  script(line: string, changes?: Partial<CommandAgentOptions>): AgentBackend;
  /** The programs noted as running. */
  children(): readonly string[];
}

/** Makes an empty one. */
export function commandBench(): CommandBench {
  const folder = tempDir();
  const reported: string[] = [];
  const agent = (args: readonly string[], changes: Partial<CommandAgentOptions> = {}) =>
    commandAgent({
      name: "script",
      command: process.execPath,
      args: [program, ...args],
      cwd: folder.path,
      env: {},
      shell: false,
      output: "auto",
      historyMessages: 2,
      mediaDir: "/media",
      stateDir: folder.path,
      clock: systemClock,
      report: (line) => reported.push(line),
      ...changes,
    });
  return {
    path: folder.path,
    reported,
    agent,
    script: (line, changes = {}) => agent([], { command: line, args: [], shell: true, ...changes }),
    children: () => readdirSync(join(folder.path, "children")),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

/** The id of the process that the program started and wrote into this file. */
export async function sleeperOf(pidFile: string): Promise<number> {
  await until("the program has started its sleeper", () => existsSync(pidFile) && readFileSync(pidFile, "utf8") !== "");
  return Number(readFileSync(pidFile, "utf8"));
}
