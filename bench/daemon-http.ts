import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { Benchmark } from "./benchmark.ts";
import { openChatClients } from "./chat-clients.ts";
import { startDaemonProcess } from "./daemon-process.ts";
import { percentile, single, spreadOf } from "./spread.ts";

const CHATS = 200;
const CONNECTIONS = 64;
const PACE_MS = 10;

/** The whole daemon over HTTP with the echo agent: from the request to the answer in the response, everything on disk. */
export const daemonHttp: Benchmark = async ({ isQuick, workFolder }, tell) => {
  const rounds = isQuick ? 2 : 7;
  await using daemon = await startDaemonProcess(mkdtempSync(join(workFolder, "http-")));
  using clients = await openChatClients(daemon.port, CHATS, CONNECTIONS);
  tell(`${CHATS} chats over ${CONNECTIONS} connections, as fast as it goes`);
  const messages = isQuick ? 400 : 3_000;
  await clients.rush(messages);
  const perSecond: number[] = [];
  for (let round = 0; round < rounds; round++) perSecond.push(messages / ((await clients.rush(messages)) / 1_000));

  tell("a message every 10 ms");
  const medianMs: number[] = [];
  const allMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const waitedMs = await clients.paced(isQuick ? 50 : 400, PACE_MS);
    medianMs.push(percentile(waitedMs, 50));
    allMs.push(...waitedMs);
  }
  return [
    {
      what: `${CHATS} chats, as fast as it goes`,
      unit: "/s",
      measured: spreadOf(perSecond),
      target: { bound: "at least", value: 1_000 },
      note: `${CONNECTIONS} connections; the client shares the two cores with the daemon`,
    },
    {
      what: "100 messages a second: answered after, 50th percentile",
      unit: "ms",
      measured: spreadOf(medianMs),
      target: { bound: "at most", value: 5 },
      note: "counted from when the message was due",
    },
    {
      what: "100 messages a second: answered after, 99th percentile",
      unit: "ms",
      measured: single(percentile(allMs, 99)),
    },
  ];
};
