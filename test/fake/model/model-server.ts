import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { anthropicEvents } from "./anthropic-events.ts";
import type { ModelReply } from "./model-reply.ts";
import { openaiEvents } from "./openai-events.ts";

/** What a test can read of a request. */
export interface SeenRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether the client hung up before the end. */
  isAborted: boolean;
}

/** A server that speaks OpenAI's chat completions under `/v1` and Anthropic's messages, as streams, and answers what it is told to. */
export interface ModelServer extends AsyncDisposable {
  /** Without a path. */
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Adds answers, one for each coming request; the last one is repeated. */
  reply(...replies: readonly Replying[]): void;
}

/** What is answered, or what makes it of the request. */
export type Replying = ModelReply | ((request: SeenRequest) => ModelReply);

/** Starts one on a free port of 127.0.0.1. */
export async function startModelServer(...first: readonly Replying[]): Promise<ModelServer> {
  const requests: SeenRequest[] = [];
  const replies = [...first];
  const server = createServer((request, response) => {
    void receive(request, response, requests, () => (replies.length > 1 ? replies.shift() : replies[0]));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("expected a port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    reply: (...more) => void replies.push(...more),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  requests: SeenRequest[],
  next: () => Replying | undefined,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const body = Buffer.concat(chunks).toString();
  const seen: SeenRequest = { path: request.url ?? "", headers, body, isAborted: false };
  requests.push(seen);
  response.on("close", () => {
    seen.isAborted = !response.writableFinished;
  });
  const reply = next();
  if (reply === undefined) throw new Error("the fake model was asked more than it was told to answer");
  await answer(typeof reply === "function" ? reply(seen) : reply, seen.path, response);
}

async function answer(reply: ModelReply, path: string, response: ServerResponse): Promise<void> {
  const events = path === "/v1/messages" ? anthropicEvents : openaiEvents;
  if (reply.kind === "error") {
    response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
    response.end(typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body));
    return;
  }
  if (reply.kind === "silence" && !reply.withHeaders) return;
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
  switch (reply.kind) {
    case "silence":
      return;
    case "bytes":
      for (const chunk of reply.chunks) response.write(chunk);
      response.end();
      return;
    case "cut":
      response.write(events.beginning(reply.deltas), () => response.destroy());
      return;
    case "stream_error":
      response.end(events.beginning(reply.deltas) + events.error(reply.error));
      return;
    case "answer":
      response.write(events.beginning(reply.deltas, reply.reasoning));
      await reply.hold;
      response.end(events.end(reply));
      return;
  }
}
