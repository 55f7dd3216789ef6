import { systemClock } from "../clock/clock.ts";
import type { PairingRow } from "../store/pairings.ts";
import { type CliCommand, configOptions, jsonOption } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { withReader } from "./own-store.ts";
import { jsonText, timeColumn } from "./shown-text.ts";
import { type Column, renderTable } from "./table.ts";

/** `parley pair list`: who asked to be let in, and who was. */
export const pairListCommand: CliCommand = {
  name: "pair list",
  operands: [],
  summary: "List who asked to talk to the bot, and who was let in.",
  options: [jsonOption, ...configOptions],
  async run(call) {
    const { config } = await loadConfiguration(call);
    const { listPairings } = await import("../access/pairing.ts");
    const pairings = await withReader(config, (reader) => listPairings(reader, systemClock.nowMs()));
    if (call.flag("json")) {
      const { pairingsJson } = await import("../console/pairings-json.ts");
      call.terminal.print(jsonText(pairingsJson(pairings)));
      return 0;
    }
    const rows = [...pairings.pending, ...pairings.approved];
    if (rows.length === 0) call.terminal.complain("Nobody has asked, and nobody was let in by a code.");
    else call.terminal.print(pairingTable(rows, config.sessions.timeZone));
    return 0;
  },
};

const columns: readonly Column[] = [
  { heading: "STATE", maxWidth: null },
  { heading: "ID", maxWidth: 48 },
  { heading: "NAME", maxWidth: 32 },
  { heading: "SINCE", maxWidth: null },
  { heading: "UNTIL", maxWidth: null },
  { heading: "BY", maxWidth: 32 },
];

function pairingTable(rows: readonly PairingRow[], timeZone: string): string {
  return renderTable(
    columns,
    rows.map((row) => [
      row.state,
      `${row.platform}:${row.user_id}`,
      row.user_name ?? "",
      timeColumn(row.decided_at_ms ?? row.requested_at_ms, timeZone),
      timeColumn(row.expires_at_ms, timeZone),
      row.decided_by ?? "",
    ]),
  );
}
