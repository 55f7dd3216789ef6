import { mkdtempSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Benchmark } from "./benchmark.ts";
import { openChatClients } from "./chat-clients.ts";
import { startDaemonProcess } from "./daemon-process.ts";
import { single, spreadOf } from "./spread.ts";

const IDLE_MB = 90;
/** Until what a start or a burst of messages leaves behind has been tidied up. */
const SETTLE_MS = 2_000;

/** What the daemon costs while nobody writes: time to start, memory, disk. */
export const daemonFootprint: Benchmark = async ({ isQuick, workFolder }, tell) => {
  const newFolder = () => mkdtempSync(join(workFolder, "footprint-"));
  tell("starts");
  const readyMs: number[] = [];
  for (let start = 0; start < (isQuick ? 2 : 7); start++) {
    await using daemon = await startDaemonProcess(newFolder());
    readyMs.push(daemon.readyMs);
  }

  tell("memory");
  await using daemon = await startDaemonProcess(newFolder());
  await sleep(SETTLE_MS);
  const atFirst = daemon.memory();
  using clients = await openChatClients(daemon.port, 50, 8);
  const [some, all] = isQuick ? [100, 200] : [2_000, 5_000];
  await clients.rush(some);
  await sleep(SETTLE_MS);
  const afterwards = daemon.memory();

  tell("disk");
  await clients.rush(all - some);
  clients[Symbol.dispose]();
  await daemon.stop();
  const sizeBytes = folderBytes(daemon.dataDir);
  const transcriptBytes = folderBytes(join(daemon.dataDir, "transcripts"));
  return [
    {
      what: "from the start of the process until it is ready",
      unit: "ms",
      measured: spreadOf(readyMs),
      target: { bound: "at most", value: 1_000 },
    },
    {
      what: "memory, idle after the start",
      unit: "MB",
      measured: single(atFirst.residentMb),
      target: { bound: "at most", value: IDLE_MB },
      note: `resident; ${atFirst.privateMb.toFixed(0)} MB of it private`,
    },
    {
      what: `memory, idle after ${some.toLocaleString("en")} messages`,
      unit: "MB",
      measured: single(afterwards.residentMb),
      note: `resident; ${afterwards.privateMb.toFixed(0)} MB of it private`,
    },
    {
      what: "disk a short turn",
      unit: "KB",
      measured: single(sizeBytes / all / 1_000),
      target: { bound: "at most", value: 2.2 },
      note: `${all.toLocaleString("en")} turns of about 40 characters and as many back; JSONL ${(transcriptBytes / all / 1_000).toFixed(2)} KB of it`,
    },
  ];
};

function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, stats) => sum + (stats.isFile() ? stats.size : 0), 0);
}
