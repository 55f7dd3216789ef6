import { join } from "node:path";
import { z } from "zod";
import type { Config } from "../../config/config.ts";
import { systemClock } from "../clock/clock.ts";
import { configuredHome, homeOf, homeOfBot } from "../home-channels.ts";
import { MAX_MESSAGE_BYTES } from "../message/message.ts";
import { parseDeliveryTarget } from "../session/delivery-target.ts";
import { resolveTarget, type TargetWorld } from "../session/resolve-targets.ts";
import type { Lane } from "../store/outbox.ts";
import { StoreError } from "../store/store-error.ts";
import { type CliCall, type CliCommand, configOptions, type ExitCode } from "./cli-command.ts";
import { loadConfiguration, openCommandLog } from "./configuration.ts";
import { CommandFailure, UsageError } from "./failure.ts";
import { withOwnStore, withReader } from "./own-store.ts";
import { readAll } from "./read-all.ts";
import { bodyOf, clientOf, findDaemon } from "./running-daemon.ts";
import { OWN_PLATFORMS, targetWorldOf } from "./target-world.ts";

/** `parley send`: says something in a conversation. */
export const sendCommand: CliCommand = {
  name: "send",
  operands: ["TEXT…"],
  summary: "Send a message to a chat; - as TEXT reads it from stdin.",
  notes: [
    "TARGET is <platform>[@<bot>]:<chat_id>[:<thread_id>], or <platform> alone for its homeChannel.",
    "When no daemon runs, the message is kept and goes out at the next start.",
  ],
  options: [
    { name: "to", value: "TARGET", summary: "Where it goes; required." },
    { name: "account", value: "NAME", summary: "Which bot of the platform says it. Default its first one." },
    ...configOptions,
  ],
  run,
};

const sentBody = z.object({ outboxId: z.number() });

async function run(call: CliCall): Promise<ExitCode> {
  const target = call.text("to");
  if (target === null) throw new UsageError("send: expected --to TARGET. parley send --help says more.");
  const { config } = await loadConfiguration(call);
  const place = await placeOf(target, config, call.text("account"));
  const text = await textOf(call);

  const daemon = await findDaemon(config);
  if (daemon !== null) {
    const body = { ...place, text };
    const answer = await clientOf(daemon, config).request("POST", "/api/send", { body });
    call.terminal.print(`On its way (post ${sentBody.parse(bodyOf(answer)).outboxId}).`);
    return 0;
  }
  const outboxId = await keep(call, config, place, text);
  call.terminal.print(
    OWN_PLATFORMS.includes(place.platform)
      ? `Stored (post ${outboxId}).`
      : `No daemon runs: kept as post ${outboxId}, it goes out at the next start.`,
  );
  return 0;
}

/** Writes the outbox rows that the daemon would write. */
async function keep(call: CliCall, config: Config, place: Lane, text: string): Promise<number> {
  const { saySomething } = await import("../gateway/send-message.ts");
  const { webAdapter } = await import("../../adapters/web/adapter.ts");
  const { localAdapter } = await import("../../adapters/local/adapter.ts");
  const mediaFolder = join(config.dataDir, "media");
  const adapters = [webAdapter(systemClock, mediaFolder), localAdapter(systemClock, mediaFolder)];
  const adapterOf = (platform: string) => adapters.find((adapter) => adapter.platform === platform);
  const log = await openCommandLog(call, config, "stderr");
  return await withOwnStore(config, log, async (store) => {
    const message = { place, text, nowMs: systemClock.nowMs() };
    const posts = await store.write((tx) => saySomething(tx, adapterOf, store.rules, message));
    return posts[0]?.outboxId ?? 0;
  });
}

async function placeOf(text: string, config: Config, account: string | null): Promise<Lane> {
  const world = targetWorldOf(config, await homesNow(config));
  const target = parseDeliveryTarget(text, null, world.platforms);
  switch (target.kind) {
    case "invalid":
      throw new UsageError(`--to: ${target.message}`);
    case "origin":
      throw new UsageError("--to: origin means where a job was asked for; expected <platform>:<chat_id>.");
    case "local":
      throw new UsageError('--to: expected the chat of a terminal too, such as "local:terminal".');
    case "home":
    case "chat": {
      if (account !== null) botNamed(target.platform, account, world);
      const found = resolveTarget({ ...target, account: account ?? target.account }, null, world);
      if (typeof found === "string") throw new UsageError(`--to: ${found}`);
      if (found.kind === "local") throw new UsageError("--to: a file is no chat; expected <platform>:<chat_id>.");
      return found.place;
    }
  }
}

/** The home channels as they are now; before the first start there is no database, and only the configuration counts. */
async function homesNow(config: Config): Promise<TargetWorld["homeOf"]> {
  const { telegram, discord, slack } = config.platforms;
  const bots = Object.entries({ telegram, discord, slack }).flatMap(([platform, all]) => [
    [platform, null] as const,
    ...all.map(({ account }) => [platform, account] as const),
  ]);
  const found = new Map<string, Lane | null>();
  try {
    await withReader(config, (reader) => {
      for (const [platform, account] of bots) {
        const { platforms } = config;
        const home =
          account === null ? homeOf(platforms, reader, platform) : homeOfBot(platforms, reader, platform, account);
        found.set(`${platform}@${account}`, home);
      }
    });
  } catch (error) {
    if (!(error instanceof StoreError) || error.kind !== "not_found") throw error;
    for (const [platform, account] of bots) {
      found.set(`${platform}@${account}`, configuredHome(config.platforms, platform, account));
    }
  }
  return (platform, account) => found.get(`${platform}@${account}`) ?? null;
}

function botNamed(platform: string, account: string, { accountsOf }: TargetWorld): void {
  const known = accountsOf(platform);
  if (known.includes(account)) return;
  const names = known.length === 0 ? "none" : `one of ${known.join(", ")}`;
  throw new UsageError(`--account: expected ${names} for ${platform}, got "${account}".`);
}

async function textOf(call: CliCall): Promise<string> {
  const given = call.operands.join(" ");
  const text = given === "-" ? (await readAll(call.terminal.stdin, MAX_MESSAGE_BYTES)).trimEnd() : given;
  if (text.trim() === "") throw new UsageError("send: expected a text that says something, got an empty one.");
  if (Buffer.byteLength(text) > MAX_MESSAGE_BYTES) {
    throw new CommandFailure(`that message is too long: at most ${MAX_MESSAGE_BYTES / 1024} KiB.`);
  }
  return text.toWellFormed();
}
