import type { Placement } from "../store/memory-placement.ts";
import { type CliCall, type CliCommand, configOptions, type ExitCode, jsonOption } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { UsageError } from "./failure.ts";
import { scopeOptions, scopesNamed } from "./memory-options.ts";
import { withReader } from "./own-store.ts";
import { readCount } from "./read-count.ts";
import { jsonText, timeColumn } from "./shown-text.ts";
import { type Column, renderTable } from "./table.ts";

/** Memories on one page: as the API has them. */
const MAX_LIMIT = 200;
const DEFAULT_LIMIT = 50;
/** Digits of an address that people see. */
const SHORT_ADDRESS = 12;

const pageOptions = [
  { name: "limit", value: "N", summary: `At most so many, 1 to ${MAX_LIMIT}. Default ${DEFAULT_LIMIT}.` },
  { name: "cursor", value: "CURSOR", summary: "Go on where an earlier page ended." },
  jsonOption,
  ...configOptions,
];

/** `parley memory list`: what is remembered, the newest first. */
export const memoryListCommand: CliCommand = {
  name: "memory list",
  operands: [],
  summary: "List what is remembered, the newest first.",
  options: [
    ...scopeOptions,
    {
      name: "state",
      value: "STATE",
      summary: "active, preliminary, superseded, stashed or archived. Default: what is remembered now.",
    },
    ...pageOptions,
  ],
  run: (call) => list(call, null),
};

/** `parley memory search`: what is remembered that has every word of a text. */
export const memorySearchCommand: CliCommand = {
  name: "memory search",
  operands: ["TEXT…"],
  summary: "Find what is remembered that has every word of a text.",
  options: [...scopeOptions, ...pageOptions],
  run: (call) => list(call, call.operands.join(" ")),
};

const states = ["active", "preliminary", "superseded", "stashed", "archived"] as const;

async function list(call: CliCall, text: string | null): Promise<ExitCode> {
  const limit = readCount(call, "limit", [1, MAX_LIMIT], DEFAULT_LIMIT);
  const before = readCount(call, "cursor", [1, Number.MAX_SAFE_INTEGER], Number.MAX_SAFE_INTEGER);
  const wanted = text === null ? call.text("state") : null;
  const state = states.find((one) => one === wanted);
  if (wanted !== null && state === undefined) {
    throw new UsageError(`--state: expected one of ${states.join(", ")}, got "${wanted}".`);
  }
  const { config } = await loadConfiguration(call);
  const { currentStates, listMemory } = await import("../memory/list-memory.ts");
  return await withReader(config, async (reader): Promise<ExitCode> => {
    const scopes = await scopesNamed(call, reader);
    const found = listMemory(reader, {
      scopes: scopes.length === 0 ? null : scopes,
      text,
      states: state === undefined ? currentStates : [state],
      before,
      limit,
    });
    const last = found.at(-1);
    const next = last !== undefined && found.length === limit ? String(last.id) : null;
    if (call.flag("json")) {
      const { memoryJson } = await import("../console/memory-json.ts");
      call.terminal.print(jsonText({ memories: found.map((placement) => memoryJson(reader, placement)), next }));
      return 0;
    }
    if (found.length === 0) call.terminal.complain("Nothing is remembered there.");
    else call.terminal.print(memoryTable(found, config.sessions.timeZone));
    if (next !== null) call.terminal.complain(`More: --cursor ${next}`);
    return 0;
  });
}

const columns: readonly Column[] = [
  { heading: "ADDRESS", maxWidth: null },
  { heading: "SCOPE", maxWidth: 48 },
  { heading: "STATE", maxWidth: null },
  { heading: "SINCE", maxWidth: null },
  { heading: "TEXT", maxWidth: null },
];

function memoryTable(memories: readonly Placement[], timeZone: string): string {
  return renderTable(
    columns,
    memories.map(({ addr, scope, state, validFromMs, content }) => [
      addr.slice(0, SHORT_ADDRESS),
      scope,
      state,
      timeColumn(validFromMs, timeZone),
      content,
    ]),
  );
}
