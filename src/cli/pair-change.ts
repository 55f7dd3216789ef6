import { z } from "zod";
import type { Config } from "../../config/config.ts";
import { visibleText } from "../observe/visible-text.ts";
import { type CliCall, type CliCommand, configOptions } from "./cli-command.ts";
import { loadConfiguration, openCommandLog } from "./configuration.ts";
import type { DaemonClient } from "./daemon-client.ts";
import { UsageError } from "./failure.ts";
import { withOwnStore } from "./own-store.ts";
import { bodyOf, clientOf, findDaemon } from "./running-daemon.ts";

/** `parley pair approve`: lets a person in, and has them told. */
export const pairApproveCommand: CliCommand = {
  name: "pair approve",
  operands: ["CODE|ID"],
  summary: "Let a person in who asked, by their code or as platform:id.",
  notes: ["The person is told so; when no daemon runs, at its next start."],
  options: configOptions,
  async run(call) {
    call.terminal.print(`${await change(call, "approve")} may talk to the bot now.`);
    return 0;
  },
};

/** `parley pair deny`: turns a person down who asked. */
export const pairDenyCommand: CliCommand = {
  name: "pair deny",
  operands: ["CODE|ID"],
  summary: "Turn a person down who asked: for an hour they get no other code.",
  options: configOptions,
  async run(call) {
    call.terminal.print(`${await change(call, "deny")} stays out.`);
    return 0;
  },
};

/** `parley pair revoke`: makes a person a stranger again. */
export const pairRevokeCommand: CliCommand = {
  name: "pair revoke",
  operands: ["ID"],
  summary: "Make a person (platform:id) who was let in a stranger again.",
  notes: ["Whom the configuration lists under allow or admins stays let in."],
  options: configOptions,
  async run(call) {
    call.terminal.print(`${await change(call, "revoke")} is a stranger again.`);
    return 0;
  },
};

/** What can be done about a person. */
export type PairChange = "approve" | "deny" | "revoke";

const person = z.object({ platform: z.string(), userId: z.string(), userName: z.string().nullable() });
type Person = z.output<typeof person>;

/** Has the running daemon decide, or decides under the lock when none runs; returns the person in words for a terminal. */
async function change(call: CliCall, what: PairChange): Promise<string> {
  const [who = ""] = call.operands;
  const { readPersonId } = await import("../access/decide-pairing.ts");
  const id = readPersonId(who);
  if (what === "revoke" && id === null) {
    throw new UsageError(`pair revoke: expected platform:id, such as telegram:42, got "${who}".`);
  }
  const { config } = await loadConfiguration(call);
  const daemon = await findDaemon(config);
  const { platform, userId, userName } =
    daemon === null
      ? await decideHere(call, config, what, who)
      : await decideThere(clientOf(daemon, config), what, id ?? { code: who });
  return visibleText(userName === null ? `${platform}:${userId}` : `${userName} (${platform}:${userId})`);
}

async function decideHere(call: CliCall, config: Config, what: PairChange, who: string): Promise<Person> {
  const { decideOffline } = await import("./pair-offline.ts");
  const log = await openCommandLog(call, config, "stderr");
  return await withOwnStore(config, log, (store) => decideOffline(store, what, who));
}

async function decideThere(daemon: DaemonClient, what: PairChange, body: unknown): Promise<Person> {
  return person.parse(bodyOf(await daemon.request("POST", `/api/pairings/${what}`, { body })));
}
