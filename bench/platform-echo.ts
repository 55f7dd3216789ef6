import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Benchmark, Finding } from "./benchmark.ts";
import { type DaemonProcess, startDaemonProcess } from "./daemon-process.ts";
import { type EchoBotsProcess, startEchoBots } from "./echo-bots-process.ts";
import { platformLoad } from "./platform-load.ts";
import { type PlatformName, type PlatformRig, startRig } from "./platform-rig.ts";
import { interleave, percentile, ratiosOf, single, spreadOf } from "./spread.ts";

const PLATFORMS: readonly PlatformName[] = ["telegram", "discord", "slack"];
const CHATS = 200;
const PACE_MS = 10;
/** Settings of a daemon whose agent is asked as most are. */
const ASKED_ECHO = { agents: { main: { kind: "module", path: join(import.meta.dirname, "asked-echo.ts") } } };
/** Until what a start leaves behind has been tidied up. */
const SETTLE_MS = 2_000;

/**
 * The daemon on chat platforms, from the event to the answer's post, everything durable, beside the echo bot that one
 * writes with the same client library: both in processes of their own, against servers of ours in this one.
 */
export const platformEcho: Benchmark = async ({ isQuick, workFolder }, tell) => {
  const newFolder = () => mkdtempSync(join(workFolder, "platform-"));
  const findings: Finding[] = [];
  for (const platform of PLATFORMS) {
    tell(platform);
    findings.push(...(await besideBareBot(platform, newFolder(), isQuick)));
  }
  tell("starts and memory with three platforms");
  findings.push(...(await atRest(newFolder, isQuick)));
  return findings;
};

async function besideBareBot(platform: PlatformName, folder: string, isQuick: boolean): Promise<readonly Finding[]> {
  await using bareRig = await startRig(platform);
  await using daemonRig = await startRig(platform);
  await using askedRig = await startRig(platform);
  await using _bots = await startEchoBots(folder, [bareRig]);
  await using _daemon = await startDaemonOn(folder, [daemonRig]);
  await using _asked = await startDaemonOn(join(folder, "asked"), [askedRig], ASKED_ECHO);
  const loads = {
    bare: platformLoad(bareRig, CHATS),
    daemon: platformLoad(daemonRig, CHATS),
    asked: platformLoad(askedRig, CHATS),
  };
  const rounds = isQuick ? 1 : 5;

  const waitedMs = { bare: [] as number[], daemon: [] as number[], asked: [] as number[] };
  const pacedP50 = (name: keyof typeof loads) => async () => {
    const all = await loads[name].paced(isQuick ? 50 : 400, PACE_MS);
    waitedMs[name].push(...all);
    return percentile(all, 50);
  };
  const perSecond = (name: keyof typeof loads) => async () => {
    const messages = isQuick ? 400 : 2_000;
    return messages / ((await loads[name].rush(messages)) / 1_000);
  };
  const rush = await interleave(rounds, { bare: perSecond("bare"), daemon: perSecond("daemon") });
  await loads.asked.rush(isQuick ? 400 : 2_000);
  const p50 = await interleave(rounds, {
    bare: pacedP50("bare"),
    daemon: pacedP50("daemon"),
    asked: pacedP50("asked"),
  });
  return [
    {
      what: `${platform}: 100 messages a second, 50th percentile, beside the bare bot`,
      unit: "×",
      measured: ratiosOf(p50.daemon, p50.bare),
      target: { bound: "at most", value: 2 },
      note: `${msText(percentile(p50.daemon, 50))} to ${msText(percentile(p50.bare, 50))}`,
    },
    {
      what: `${platform}: the same, an agent that is asked in a turn`,
      unit: "×",
      measured: ratiosOf(p50.asked, p50.bare),
      note: `${msText(percentile(p50.asked, 50))}: the echo agent answers within the transaction that stores its message, this one in a transaction of its own`,
    },
    {
      what: `${platform}: the same, 99th percentile`,
      unit: "ms",
      measured: single(percentile(waitedMs.daemon, 99)),
      note: `the bare bot ${msText(percentile(waitedMs.bare, 99))}`,
    },
    {
      what: `${platform}: ${CHATS} chats, as fast as it goes, beside the bare bot`,
      unit: "×",
      measured: ratiosOf(rush.daemon, rush.bare),
      target: { bound: "at least", value: 0.5 },
      note: `${rateText(rush.daemon)} to ${rateText(rush.bare)}; the server shares the two cores`,
    },
  ];
}

async function atRest(newFolder: () => string, isQuick: boolean): Promise<readonly Finding[]> {
  const readyMs: number[] = [];
  const daemonMb: number[] = [];
  const bareMb: number[] = [];
  for (let round = 0; round < (isQuick ? 1 : 5); round++) {
    await using rigs = await startRigs();
    const daemon = await startDaemonOn(newFolder(), rigs.all);
    readyMs.push(daemon.readyMs);
    daemonMb.push(await settledMb(daemon));
    await using bareRigs = await startRigs();
    bareMb.push(await settledMb(await startEchoBots(newFolder(), bareRigs.all)));
  }
  return [
    {
      what: "three platforms: from the start of the process until it is ready",
      unit: "ms",
      measured: spreadOf(readyMs),
      target: { bound: "at most", value: 1_500 },
    },
    {
      what: "three platforms: memory, idle, beside one process with the three bare bots",
      unit: "×",
      measured: ratiosOf(daemonMb, bareMb),
      target: { bound: "at most", value: 1.3 },
      note: `${spreadOf(daemonMb).median.toFixed(0)} MB to ${spreadOf(bareMb).median.toFixed(0)} MB resident`,
    },
  ];
}

/** Takes a process's resident memory when it has calmed down, and ends the process. */
async function settledMb(running: DaemonProcess | EchoBotsProcess): Promise<number> {
  await using process = running;
  await sleep(SETTLE_MS);
  return process.memory().residentMb;
}

async function startRigs(): Promise<AsyncDisposable & { readonly all: readonly PlatformRig[] }> {
  const all: PlatformRig[] = [];
  const stack = new AsyncDisposableStack();
  for (const platform of PLATFORMS) all.push(stack.use(await startRig(platform)));
  return { all, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Starts a daemon that is connected to the rigs and answers everybody. */
async function startDaemonOn(folder: string, rigs: readonly PlatformRig[], more: object = {}): Promise<DaemonProcess> {
  const platforms = Object.fromEntries(rigs.map(({ platform, section }) => [platform, section]));
  mkdirSync(folder, { recursive: true });
  // JSON is YAML; the daemon finds the file where it is started.
  writeFileSync(join(folder, "parley.yaml"), JSON.stringify({ access: { mode: "open" }, platforms, ...more }), {
    mode: 0o600,
  });
  const daemon = await startDaemonProcess(folder);
  await Promise.all(rigs.map((rig) => rig.untilConnected()));
  return daemon;
}

function msText(ms: number): string {
  return `${ms.toFixed(2)} ms`;
}

function rateText(perSecond: readonly number[]): string {
  return `${Math.round(percentile(perSecond, 50)).toLocaleString("en")}/s`;
}
