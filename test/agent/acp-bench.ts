import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AcpAgentOptions, acpAgent } from "../../src/agent/acp-agent.ts";
import type { AgentBackend, TurnRequest } from "../../src/agent/backend.ts";
import { systemClock } from "../../src/clock/clock.ts";
import { tempDir } from "../support/temp-dir.ts";
import { turnRequest } from "./turn-request.ts";

const program = fileURLToPath(new URL("../fake/agents/acp.ts", import.meta.url));

/** A folder with agents that run test/fake/agents/acp.ts in it. */
export interface AcpBench extends AsyncDisposable {
  readonly path: string;
  /** What the agents reported, in order. */
  readonly reported: readonly string[];
  /** Makes one that can do this; it is closed with the bench. */
  agent(abilities?: readonly string[], changes?: Partial<AcpAgentOptions>): AgentBackend;
  /** What the program noted under this name, in order. */
  // biome-ignore lint/suspicious/noExplicitAny: what was noted is looked into by each test
  notes(what: string): readonly any[];
  /** The text of each prompt so far. */
  promptTexts(): readonly string[];
}

/** Makes an empty one. */
export function acpBench(): AcpBench {
  const folder = tempDir();
  const reported: string[] = [];
  const agents: AgentBackend[] = [];
  const notes = (wanted: string) => {
    const file = join(folder.path, "notes.jsonl");
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
    return lines.map((line) => JSON.parse(line)).flatMap(({ what, value }) => (what === wanted ? [value] : []));
  };
  return {
    path: folder.path,
    reported,
    agent(abilities = [], changes = {}) {
      const made = acpAgent({
        name: "coder",
        command: process.execPath,
        args: [program, folder.path, ...abilities],
        cwd: folder.path,
        env: {},
        historyMessages: 5,
        mediaDir: folder.path,
        stateDir: folder.path,
        clock: systemClock,
        report: (line) => reported.push(line),
        ...changes,
      });
      agents.push(made);
      return made;
    },
    notes,
    promptTexts: () => notes("prompt").map(({ prompt }): string => prompt[0].text),
    async [Symbol.asyncDispose]() {
      await Promise.all(agents.map(async (one) => await one.close?.()));
      folder[Symbol.dispose]();
    },
  };
}

/** A turn in which a person says this. */
export function says(text: string, changes: Partial<TurnRequest> = {}): TurnRequest {
  return turnRequest({ message: { text, attachments: [] }, ...changes });
}
