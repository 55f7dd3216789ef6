import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { z } from "zod";
import { answer, applyFault, type Faults } from "./faults.ts";
import type { FakeFile } from "./interactions.ts";
import { Refusal } from "./refusal.ts";
import type { Call, Perform } from "./routes.ts";

const ROOT = /^\/api\/v10\//;
/** Calls whose address carries a token of its own. */
const UNAUTHENTICATED = /^(?:interactions|webhooks)\//;

/** Makes the API's HTTP server, not listening yet. */
export function makeRestServer(options: {
  readonly perform: Perform;
  readonly faults: Faults;
  readonly tokenOf: () => string;
  readonly isDown: () => boolean;
  readonly onCall: (call: string) => void;
  /** Files for download, by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}): Server {
  const { perform, faults, tokenOf, isDown, onCall, files } = options;

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "GET", url = "/" } = request;
    const file = files.get(url);
    if (file !== undefined) {
      response.end(file);
      return;
    }
    if (!ROOT.test(url)) {
      response.writeHead(404).end();
      return;
    }
    const { pathname, searchParams: query } = new URL(url.replace(ROOT, "/"), "http://localhost");
    const path = pathname.slice(1);
    const name = `${method} ${pathname}`;
    onCall(name);
    const content = await readBody(request);
    const isKnown = UNAUTHENTICATED.test(path) || request.headers.authorization === `Bot ${tokenOf()}`;
    const act = async () => {
      if (!isKnown) throw new Refusal(401, 0, "401: Unauthorized");
      const call: Call = { method, parts: path.split("/").map(decodeURIComponent), query, ...content };
      return perform(call);
    };
    const fault = faults.take(name);
    if (fault !== null) {
      await applyFault(fault, request, response, act);
      return;
    }
    try {
      const body = await act();
      answer(response, 200, body);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, code, message, errors } = error;
      answer(response, status, { message, code, ...(errors === undefined ? {} : { errors }) });
    }
  };

  return createServer((request, response) => {
    if (isDown()) {
      request.socket.destroy();
      return;
    }
    respond(request, response).catch((error: unknown) => {
      // A bug of the fake shall be seen where it is used.
      response.writeHead(500).end(String(error));
      console.error(error);
    });
  });
}

async function readBody(request: IncomingMessage): Promise<{ body: unknown; files: readonly FakeFile[] }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(z.instanceof(Buffer).parse(chunk));
  if (chunks.length === 0) return { body: undefined, files: [] };
  const content = Buffer.concat(chunks);
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/form-data")) return { body: JSON.parse(content.toString()), files: [] };
  const form = await new Response(content, { headers: { "content-type": type } }).formData();
  const files: FakeFile[] = [];
  for (const [key, value] of form) {
    if (typeof value === "string") continue;
    if (!/^files\[\d+\]$/.test(key)) throw new Refusal(400, 50035, `unexpected file ${key}`);
    files.push({ name: value.name, type: value.type, bytes: new Uint8Array(await value.arrayBuffer()) });
  }
  const json = form.get("payload_json");
  return { body: typeof json === "string" ? JSON.parse(json) : {}, files };
}
