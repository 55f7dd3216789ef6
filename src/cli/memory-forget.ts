import { z } from "zod";
import type { Config } from "../../config/config.ts";
import { systemClock } from "../clock/clock.ts";
import type { Scope } from "../session/memory-scope.ts";
import type { SessionStore } from "../store/store.ts";
import { type CliCall, type CliCommand, configOptions, type ExitCode, jsonOption } from "./cli-command.ts";
import { loadConfiguration, openCommandLog } from "./configuration.ts";
import { isConfirmed } from "./confirm.ts";
import { CommandFailure, UsageError } from "./failure.ts";
import { readAddress, scopeNames, scopeOptions, scopesNamed } from "./memory-options.ts";
import { withOwnStore, withReader } from "./own-store.ts";
import { bodyOf, clientOf, findDaemon } from "./running-daemon.ts";
import { jsonText } from "./shown-text.ts";
import { renderFacts } from "./table.ts";

/** `parley memory forget`: one memory, or all there is of a person. */
export const memoryForgetCommand: CliCommand = {
  name: "memory forget",
  operands: ["[ADDRESS]"],
  summary: "Forget one memory, or erase all of a person, chat, agent or session.",
  notes: [
    "With an address the options say where; without any it is forgotten everywhere.",
    "--user alone also erases what that person said that is remembered elsewhere, --session alone what was learned in it.",
    "Nothing of it is learned again from what was said until then. Conversations stay: parley sessions delete erases one.",
  ],
  options: [...scopeOptions, { name: "yes", value: null, summary: "Don't ask." }, jsonOption, ...configOptions],
  run,
};

async function run(call: CliCall): Promise<ExitCode> {
  const [address] = call.operands;
  const addr = address === undefined ? null : readAddress(address);
  const names = scopeNames(call);
  if (addr === null && Object.keys(names).length === 0) {
    throw new UsageError("memory forget: expected an address, or --user, --chat, --agent or --session.");
  }
  const { config } = await loadConfiguration(call);
  const scopes = await withReader(config, (reader) => scopesNamed(call, reader));
  return addr === null ? await eraseAll(call, config, scopes) : await forgetOne(call, config, addr, scopes);
}

const countBody = z.object({ forgotten: z.number() });
const counts = z.record(z.string(), z.number());
const reportBody = z.object({
  total: z.number(),
  byScope: counts,
  byState: counts,
  stays: z.object({ conversations: z.number(), summedUp: z.number() }),
});

async function forgetOne(call: CliCall, config: Config, addr: string, scopes: readonly Scope[]): Promise<ExitCode> {
  const { forgotten } = countBody.parse(
    await change(call, config, `/api/memory/${addr}`, async (store) => {
      const { forgetAt } = await import("../memory/forget-named.ts");
      const count = await forgetAt(store, { addr, scopes, nowMs: systemClock.nowMs() });
      if (count > 0) return { forgotten: count };
      throw new CommandFailure(`nothing is remembered under ${addr}. parley memory list shows what is.`);
    }),
  );
  call.terminal.print(call.flag("json") ? jsonText({ forgotten }) : `Forgotten in ${places(forgotten)}.`);
  return 0;
}

async function eraseAll(call: CliCall, config: Config, scopes: readonly Scope[]): Promise<ExitCode> {
  const whose = Object.values(scopeNames(call)).join(", ");
  if (!(await isConfirmed(call, "memory forget", `Erase all that is remembered of ${whose} for good?`))) {
    call.terminal.complain("Nothing was forgotten.");
    return 1;
  }
  const report = reportBody.parse(
    await change(call, config, "/api/memory", async (store) => {
      const { forgetNamed } = await import("../memory/forget-named.ts");
      return await forgetNamed(store, scopes, systemClock.nowMs());
    }),
  );
  if (call.flag("json")) call.terminal.print(jsonText(report));
  else {
    if (report.total === 0) call.terminal.complain("Nothing was remembered there.");
    const rows = [...Object.entries(report.byScope), ...Object.entries(report.byState)];
    const facts = report.total === 0 ? [] : [["Erased", report.total] as const, ...rows];
    const { conversations, summedUp } = report.stays;
    const stays = [["Conversations that stay", conversations] as const, ["of them with summaries", summedUp] as const];
    const all = [...facts, ...(conversations === 0 ? [] : stays)];
    if (all.length > 0) call.terminal.print(renderFacts(all.map(([name, count]) => [name, String(count)])));
  }
  return 0;
}

/** Has the running daemon forget, or does it under the lock when none runs. */
async function change(
  call: CliCall,
  config: Config,
  path: string,
  offline: (store: SessionStore) => Promise<unknown>,
): Promise<unknown> {
  const daemon = await findDaemon(config);
  if (daemon === null) return await withOwnStore(config, await openCommandLog(call, config, "stderr"), offline);
  const query = new URLSearchParams(scopeNames(call)).toString();
  return bodyOf(await clientOf(daemon, config).request("DELETE", query === "" ? path : `${path}?${query}`));
}

function places(count: number): string {
  return count === 1 ? "1 place" : `${count} places`;
}
