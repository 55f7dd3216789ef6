import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** One request an endpoint got. */
export interface SeenRequest {
  readonly method: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** An HTTP endpoint on 127.0.0.1, a test's own. */
export interface Endpoint extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
}

/** Starts one that answers with `answer`; the request's body has been read by then. */
export async function startEndpoint(
  answer: (request: SeenRequest, response: ServerResponse) => void | Promise<void>,
): Promise<Endpoint> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const one = { method: request.method ?? "", headers: request.headers, body: await text(request) };
      seen.push(one);
      await answer(one, response);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/answer`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
