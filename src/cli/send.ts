import { join } from "node:path";
import { z } from "zod";
import type { Config } from "../../config/config.ts";
import { systemClock } from "../clock/clock.ts";
import { configuredHome, homeOf } from "../home-channels.ts";
import { MAX_MESSAGE_BYTES } from "../message/message.ts";
import { parseDeliveryTarget } from "../session/delivery-target.ts";
import type { Lane } from "../store/outbox.ts";
import { StoreError } from "../store/store-error.ts";
import { type CliCall, type CliCommand, configOptions, type ExitCode } from "./cli-command.ts";
import { loadConfiguration, openCommandLog } from "./configuration.ts";
import { CommandFailure, UsageError } from "./failure.ts";
import { withOwnStore, withReader } from "./own-store.ts";
import { readAll } from "./read-all.ts";
import { bodyOf, clientOf, findDaemon } from "./running-daemon.ts";

/** `parley send`: says something in a conversation. */
export const sendCommand: CliCommand = {
  name: "send",
  operands: ["TEXT…"],
  summary: "Send a message to a chat; - as TEXT reads it from stdin.",
  notes: [
    "TARGET is <platform>:<chat_id>[:<thread_id>], or <platform> alone for its homeChannel.",
    "When no daemon runs, the message is kept and goes out at the next start.",
  ],
  options: [
    { name: "to", value: "TARGET", summary: "Where it goes; required." },
    { name: "account", value: "NAME", summary: "Which bot of the platform says it. Default its first one." },
    ...configOptions,
  ],
  run,
};

/** Platforms that need no configuration, and whose people read our own store. */
const OWN_PLATFORMS = ["web", "local"];
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
  const { writePosts } = await import("../gateway/posts.ts");
  const { webAdapter } = await import("../../adapters/web/adapter.ts");
  const { localAdapter } = await import("../../adapters/local/adapter.ts");
  const mediaFolder = join(config.dataDir, "media");
  const adapters = [webAdapter(systemClock, mediaFolder), localAdapter(systemClock, mediaFolder)];
  const adapterOf = (platform: string) => adapters.find((adapter) => adapter.platform === platform);
  const log = await openCommandLog(call, config, "stderr");
  return await withOwnStore(config, log, async (store) => {
    const speech = { place, inboxId: null, session: null, replyTo: null, text };
    const posts = await store.write((tx) =>
      writePosts(tx, adapterOf, { ...speech, kind: "message", nowMs: systemClock.nowMs() }),
    );
    return posts[0]?.outboxId ?? 0;
  });
}

async function placeOf(text: string, config: Config, account: string | null): Promise<Lane> {
  const platforms = Object.entries(config.platforms).flatMap(([name, bots]) => (bots.length > 0 ? [name] : []));
  const target = parseDeliveryTarget(text, null, [...OWN_PLATFORMS, ...platforms]);
  switch (target.kind) {
    case "invalid":
      throw new UsageError(`--to: ${target.message}`);
    case "origin":
      throw new UsageError("--to: origin means where a job was asked for; expected <platform>:<chat_id>.");
    case "local":
      throw new UsageError('--to: expected the chat of a terminal too, such as "local:terminal".');
    case "home": {
      const bots = botsOf(config, target.platform, account);
      const home = await homeNow(config, target.platform);
      if (home !== null && bots.some((bot) => bot.account === home.account)) return home;
      // A bot that was named has its own one, whatever the platform's is.
      const [named] = account === null ? [] : bots;
      if (named !== undefined && named.homeChannel !== null) {
        return laneOf(target.platform, named.account, named.homeChannel);
      }
      throw new UsageError(
        `--to: ${target.platform} has no home channel. Set platforms.${target.platform}.homeChannel, say /sethome in a chat, or name one: ${target.platform}:<chat_id>.`,
      );
    }
    case "chat": {
      const [bot] = botsOf(config, target.platform, account);
      return laneOf(target.platform, bot?.account ?? "default", target);
    }
  }
}

/** The home channel as it is now; before the first start there is no database, and only the configuration counts. */
async function homeNow(config: Config, platform: string): Promise<Lane | null> {
  try {
    return await withReader(config, (reader) => homeOf(config.platforms, reader, platform));
  } catch (error) {
    if (error instanceof StoreError && error.kind === "not_found") return configuredHome(config.platforms, platform);
    throw error;
  }
}

/** What is asked about a bot here. */
type Bot = Pick<Config["platforms"]["telegram"][number], "account" | "homeChannel">;

/** The bots of a platform, or the one that was named. */
function botsOf(config: Config, platform: string, account: string | null): readonly Bot[] {
  const found: readonly Bot[] = Object.entries(config.platforms).find(([name]) => name === platform)?.[1] ?? [];
  if (account === null) return found;
  const named = found.filter((bot) => bot.account === account);
  if (named.length > 0) return named;
  const names = found.length === 0 ? "none" : `one of ${found.map((bot) => bot.account).join(", ")}`;
  throw new UsageError(`--account: expected ${names} for ${platform}, got "${account}".`);
}

function laneOf(
  platform: string,
  account: string,
  at: { readonly chatId: string; readonly threadId: string | null },
): Lane {
  return { platform, account, chatId: at.chatId, threadId: at.threadId };
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
