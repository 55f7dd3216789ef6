import type { Reader } from "../store/sqlite.ts";
import { type CliCommand, configOptions } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { scopeOptions, scopesNamed } from "./memory-options.ts";
import { withReader } from "./own-store.ts";
import { writeOut } from "./write-out.ts";

/** Scopes read at a time. */
const PAGE = 500;

/** `parley memory export`: what is remembered, and was, as JSON lines. */
export const memoryExportCommand: CliCommand = {
  name: "memory export",
  operands: [],
  summary: "Write what is remembered, and what was before it was corrected, as JSON lines.",
  notes: ["Without an option that says whose it is everybody's. What was forgotten is not in it."],
  options: [...scopeOptions, { name: "out", value: "FILE", summary: "A new file. Default stdout." }, ...configOptions],
  async run(call) {
    const { config } = await loadConfiguration(call);
    const { exportMemory } = await import("../memory/memory-of.ts");
    const { memoryJson } = await import("../console/memory-json.ts");
    const { selectScopes } = await import("../store/memory-scopes.ts");
    const { parseScope, formatScope } = await import("../session/memory-scope.ts");
    function* everyScope(reader: Reader) {
      for (let after = ""; ; ) {
        const page = selectScopes(reader, after, PAGE);
        for (const text of page) {
          const scope = parseScope(text);
          if (scope !== null) yield formatScope(scope);
        }
        const last = page.at(-1);
        if (last === undefined || page.length < PAGE) return;
        after = last;
      }
    }
    function* lines(reader: Reader, scopes: Iterable<ReturnType<typeof formatScope>>) {
      for (const scope of scopes)
        for (const placement of exportMemory(reader, [scope]))
          yield `${JSON.stringify(memoryJson(reader, placement))}\n`;
    }
    await withReader(config, async (reader) => {
      const named = await scopesNamed(call, reader);
      writeOut(call, lines(reader, named.length === 0 ? everyScope(reader) : named));
    });
    return 0;
  },
};
