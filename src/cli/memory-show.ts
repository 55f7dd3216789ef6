import type { memoryJson } from "../console/memory-json.ts";
import { type CliCommand, configOptions, jsonOption } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { CommandFailure } from "./failure.ts";
import { readAddress, scopeOptions, scopesNamed } from "./memory-options.ts";
import { withReader } from "./own-store.ts";
import { jsonText, timeColumn } from "./shown-text.ts";
import { renderFacts } from "./table.ts";

/** Scopes that remember the same. */
const MAX_SAME = 1_000;

/** `parley memory show`: one memory, wherever it is remembered, with all that is known of it. */
export const memoryShowCommand: CliCommand = {
  name: "memory show",
  operands: ["ADDRESS"],
  summary: "Show one memory, with where it comes from.",
  options: [...scopeOptions, jsonOption, ...configOptions],
  async run(call) {
    const addr = readAddress(call.operands[0] ?? "");
    const { config } = await loadConfiguration(call);
    const { selectPlacementsAt } = await import("../store/memory-placements.ts");
    const { memoryJson } = await import("../console/memory-json.ts");
    await withReader(config, async (reader) => {
      const scopes = await scopesNamed(call, reader);
      const found = selectPlacementsAt(reader, addr, MAX_SAME)
        .filter(({ scope }) => scopes.length === 0 || scopes.some((one) => one === scope))
        .map((placement) => memoryJson(reader, placement));
      if (found.length === 0) {
        throw new CommandFailure(`nothing is remembered under ${addr}. parley memory list shows what is.`);
      }
      if (call.flag("json")) call.terminal.print(jsonText({ memories: found }));
      else call.terminal.print(found.map((one) => factsOf(one, config.sessions.timeZone)).join("\n\n"));
    });
    return 0;
  },
};

function factsOf(memory: ReturnType<typeof memoryJson>, timeZone: string): string {
  const { source, saidBy, validToMs } = memory;
  return renderFacts([
    ["Text", memory.content],
    ["Address", memory.address],
    ["Scope", memory.scope],
    ["State", memory.state],
    ["Kind", memory.bucket],
    ["Since", timeColumn(memory.validFromMs, timeZone)],
    ...(validToMs === null ? [] : ([["Until", timeColumn(validToMs, timeZone)]] as const)),
    ["Told", memory.toldExplicitly ? "in so many words" : `found, with a certainty of ${memory.confidence}`],
    ["Said again", String(memory.reinforced)],
    ...(saidBy === null ? [] : ([["Said by", `${saidBy.platform}:${saidBy.userId} ${saidBy.name ?? ""}`]] as const)),
    ...(source === null ? [] : ([["Source", sourceText(source)]] as const)),
    ...memory.replaces.map((addr) => ["Replaces", addr] as const),
  ]);
}

function sourceText(source: NonNullable<ReturnType<typeof memoryJson>["source"]>): string {
  const { sessionId, description, fromSeq, toSeq } = source;
  const lines = fromSeq === null || toSeq === null ? "" : `, lines ${fromSeq} to ${toSeq}`;
  return `${sessionId}${lines} (${description ?? "gone"})`;
}
