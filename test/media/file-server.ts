import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { OpenReference } from "../../src/media/fetch-file.ts";
import { openAddress } from "../../src/media/open-address.ts";

/** A server of files on this machine, and the way an adapter opens what it has. */
export interface FileServer extends AsyncDisposable {
  readonly url: string;
  readonly open: OpenReference;
  /** Paths asked for, in order. */
  readonly asked: readonly string[];
  /** Connections that are open now. */
  openConnections(): Promise<number>;
}

/** Serves each path by its function; a path without one is 404. */
export async function startFileServer(
  routes: Readonly<Record<string, (response: ServerResponse, request: IncomingMessage) => void>>,
): Promise<FileServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const answer = routes[path];
    if (answer !== undefined) answer(response, request);
    else response.writeHead(404).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("expected a TCP port");
  const url = `http://127.0.0.1:${address.port}`;
  return {
    asked,
    url,
    open: (reference, signal) => openAddress(new URL(reference.reference, url), { signal, mayBePrivate: () => true }),
    openConnections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
