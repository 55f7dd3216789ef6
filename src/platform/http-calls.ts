import { Agent as HttpsAgent, request as requestSecurely } from "node:https";
import { pipeline, type Readable } from "node:stream";
import type { Clock } from "../clock/clock.ts";
import {
  type AgentOptions,
  type ClientRequest,
  Agent as HttpAgent,
  type IncomingMessage,
  request,
} from "../node-http.ts";

/** A call as clients of platforms make it: what they ask of `fetch`, and no more. */
export interface HttpCall {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A stream goes out as it comes. */
  readonly body?: string | Uint8Array | Readable | null;
  readonly signal?: CallSignal | null;
}

/** As much of an `AbortSignal` as is needed: one client brings a stand-in of its own. */
export interface CallSignal {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** An answer, read to its end. */
export interface HttpAnswer {
  readonly url: string;
  readonly status: number;
  readonly statusText: string;
  readonly ok: boolean;
  readonly headers: {
    get(name: string): string | null;
    has(name: string): boolean;
    entries(): IterableIterator<[string, string]>;
  };
  text(): Promise<string>;
  /** Rejects with a `SyntaxError` when it is no JSON. */
  json(): Promise<unknown>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Connections to one server, kept open between calls. */
export interface HttpCalls {
  /** Makes one call. Rejects with what the connection failed with, or an `AbortError`; redirects are not followed. */
  call(url: string, init?: HttpCall): Promise<HttpAnswer>;
  /** Ends every call and connection. */
  close(): void;
}

/** Longest wait for a connection: a name with several addresses, and a handshake over a slow line. */
const CONNECT_MS = 10_000;
/** Longest answer: a hundred messages with all they quote are a tenth of it. Files are fetched elsewhere. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/**
 * What the platforms' clients make their calls with: Node's `http`, without what `fetch` does beside it for browsers' sake. A call
 * takes half of the processor time, no answer is ever half read, and errors say whether a connection was made (`syscall`).
 */
export function openHttpCalls(apiUrl: string, clock: Clock, options: AgentOptions = {}): HttpCalls {
  const isSecure = apiUrl.startsWith("https:");
  const agent = new (isSecure ? HttpsAgent : HttpAgent)({ ...proxyOptions(), keepAlive: true, ...options });
  const open = isSecure ? requestSecurely : request;
  return {
    call: (url, { method = "GET", headers = {}, body = null, signal = null } = {}) =>
      new Promise((resolve, reject) => {
        const length = typeof body === "string" ? Buffer.byteLength(body) : (sizeOf(body) ?? null);
        const sized = length === null ? headers : { ...headers, "content-length": String(length) };
        const outgoing = open(new URL(url), { agent, method, headers: sized });
        const stop = () => outgoing.destroy(abortError(signal?.reason));
        const settle = () => signal?.removeEventListener("abort", stop);
        outgoing.on("response", (incoming) => {
          readAnswer(incoming).then((bytes) => {
            settle();
            resolve(answerOf(url, incoming, bytes));
          }, fail);
        });
        function fail(error: unknown): void {
          settle();
          outgoing.destroy();
          reject(signal?.aborted ? abortError(signal.reason) : error);
        }
        outgoing.on("error", fail);
        outgoing.on("socket", (socket) => {
          if (!socket.connecting) return;
          const tooLate = clock.setTimer(CONNECT_MS, () => outgoing.destroy(connectTimeout()));
          socket.once(isSecure ? "secureConnect" : "connect", tooLate.cancel);
          socket.once("close", tooLate.cancel);
        });
        if (signal?.aborted) stop();
        else {
          signal?.addEventListener("abort", stop);
          send(outgoing, body, fail);
        }
      }),
    close: () => agent.destroy(),
  };
}

/** Where Node was told to use the environment's proxies, as `fetch` does then. */
function proxyOptions(): AgentOptions {
  return process.env.NODE_USE_ENV_PROXY === "1" ? { proxyEnv: process.env } : {};
}

function sizeOf(body: HttpCall["body"]): number | undefined {
  return body instanceof Uint8Array ? body.byteLength : undefined;
}

function send(outgoing: ClientRequest, body: HttpCall["body"], fail: (error: unknown) => void): void {
  if (body === null || body === undefined) outgoing.end();
  else if (typeof body === "string" || body instanceof Uint8Array) outgoing.end(body);
  else {
    pipeline(body, outgoing, (error) => {
      // An answer that came before all was sent ends the sending: it counts.
      if (error && error.code !== "ERR_STREAM_PREMATURE_CLOSE") fail(error);
    });
  }
}

function readAnswer(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    incoming.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      sizeBytes += chunk.byteLength;
      if (sizeBytes > MAX_ANSWER_BYTES) reject(new Error("the answer is longer than an answer can be"));
    });
    incoming.on("end", () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    );
    incoming.on("error", reject);
  });
}

function answerOf(url: string, incoming: IncomingMessage, bytes: Buffer): HttpAnswer {
  const { headers, statusCode: status = 0, statusMessage: statusText = "" } = incoming;
  const textOf = (value: string | readonly string[] | undefined) =>
    typeof value === "object" ? value.join(", ") : value;
  return {
    url,
    status,
    statusText,
    ok: status >= 200 && status < 300,
    headers: {
      get: (name) => textOf(headers[name.toLowerCase()]) ?? null,
      has: (name) => headers[name.toLowerCase()] !== undefined,
      *entries() {
        for (const [name, value] of Object.entries(headers)) yield [name, textOf(value) ?? ""];
      },
    },
    text: async () => bytes.toString(),
    json: async () => JSON.parse(bytes.toString()) as unknown,
    arrayBuffer: async () => new Uint8Array(bytes).buffer,
  };
}

function connectTimeout(): Error {
  return Object.assign(new Error("no connection was made in time"), { code: "ETIMEDOUT", syscall: "connect" });
}

/** What `fetch` rejects with; clients look for the name. */
function abortError(reason: unknown): Error {
  if (reason instanceof Error) return reason;
  return Object.assign(new Error("the call was given up"), { name: "AbortError" });
}
