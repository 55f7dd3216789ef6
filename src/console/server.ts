import type { AddressInfo } from "node:net";
import { sleep } from "../clock/clock.ts";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "../node-http.ts";
import type { ConsoleParts } from "./app.ts";
import { answerProbe } from "./probes.ts";
import { isLoopback, urlHost } from "./trusted-host.ts";

/** How to start the console. */
export interface ConsoleOptions extends Omit<ConsoleParts, "closing"> {
  /** 0 takes a free one. */
  readonly port: number;
  /** How long a request may take to arrive. Absent: as long as an honest one needs. */
  readonly arrival?: RequestArrival;
}

/** How long a request may take to arrive, in milliseconds; what takes longer is cut with 408. */
interface RequestArrival {
  readonly headersMs: number;
  /** Headers and body together. */
  readonly wholeMs: number;
  /** How often connections are looked at. */
  readonly checkEveryMs: number;
}

/** Headers come in one piece; a file of 20 MB, the largest by default, at 170 kB/s. */
const ARRIVAL: RequestArrival = { headersMs: 10_000, wholeMs: 120_000, checkEveryMs: 5_000 };
/** How long a connection may be idle between two requests. */
const IDLE_MS = 5_000;
/** Largest headers together: the token, a cookie and what browsers add are under 4 KiB. */
const MAX_HEADER_BYTES = 16 * 1024;
/** Connections at a time: a few people's tabs and programs. Beyond it new ones are closed, so that files and the database keep theirs. */
const MAX_CONNECTIONS = 512;

/** The HTTP server: web page, API, health and metrics. */
export interface Console {
  /** Where this machine reaches it, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Ends streams, waits and connections; what is being answered gets a moment. */
  close(): Promise<void>;
}

/** How long a closing server waits for answers that are on their way. */
const CLOSE_GRACE_MS = 1_000;
const CLOSE_STEP_MS = 20;

/** Starts the console; rejects with what to do when the address cannot be had, or would be open to others without a token. */
export async function startConsole(options: ConsoleOptions): Promise<Console> {
  const { host, clock } = options;
  if (options.token === null && !isLoopback(host)) {
    throw new Error(
      `console.host: expected a loopback address (127.0.0.1, ::1, localhost) while there is no token, got ${JSON.stringify(host)}. Set console.token, or listen on 127.0.0.1.`,
    );
  }
  const closing = new AbortController();
  let listener: ReturnType<typeof loadListener> | null = null;
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    listener ??= loadListener({ ...options, closing: closing.signal });
    const answerRequest = await listener;
    await answerRequest(incoming, outgoing);
  };
  const probed = { gateway: options.gateway, token: options.token, host, allowedHosts: options.allowedHosts ?? [] };
  const { headersMs, wholeMs, checkEveryMs } = options.arrival ?? ARRIVAL;
  const limits = {
    headersTimeout: headersMs,
    requestTimeout: wholeMs,
    connectionsCheckingInterval: checkEveryMs,
    keepAliveTimeout: IDLE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  };
  const server = createServer(limits, (incoming, outgoing) => {
    if (!answerProbe(incoming, outgoing, probed)) void answer(incoming, outgoing);
  });
  server.maxConnections = MAX_CONNECTIONS;
  const port = await listen(server, host, options.port);
  // Too many open files, say: it concerns the connection that could not be taken, not the others.
  server.on("error", (error) => options.log.error({ error }, "the HTTP server could not take a connection"));
  return {
    url: `http://${urlHost(host)}:${port}`,
    port,
    async close() {
      closing.abort();
      const closed = new Promise<"closed">((resolve) => server.close(() => resolve("closed")));
      // Connections fall idle one after the other, as their streams and answers end.
      for (let waitedMs = 0; waitedMs < CLOSE_GRACE_MS; waitedMs += CLOSE_STEP_MS) {
        server.closeIdleConnections();
        if ((await Promise.race([closed, sleep(clock, CLOSE_STEP_MS)])) === "closed") return;
      }
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Loads the console at the first request that wants it: with what it brings, it is a sixth of an idle daemon's memory. */
async function loadListener(parts: ConsoleParts) {
  const [{ getRequestListener }, { consoleApp }] = await Promise.all([import("@hono/node-server"), import("./app.ts")]);
  // Replacing this process's Request and Response would surprise programs that embed the gateway.
  return getRequestListener(consoleApp(parts).fetch, { overrideGlobalObjects: false });
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) => reject(listenError(error, host, port));
    server.once("error", refused);
    server.listen(port, host, () => {
      server.off("error", refused);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  return new Error(adviceOf(error.code, host, port) ?? `console: cannot listen on ${host}:${port}.`, { cause: error });
}

function adviceOf(code: string | undefined, host: string, port: number): string | null {
  switch (code) {
    case "EADDRINUSE":
      return `console.port: expected a free port, but another program uses ${port} on ${host}. Stop it, or set console.port to another one (0 takes any).`;
    case "EACCES":
      return `console.port: this user may not listen on ${port}. Set console.port to one above 1023.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `console.host: expected an address of this machine, got ${JSON.stringify(host)}. Set console.host to 127.0.0.1, or to 0.0.0.0 for all of them.`;
    default:
      return null;
  }
}
