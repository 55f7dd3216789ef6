/**
 * A model in a process of its own, speaking OpenAI's chat completions: `node paced-model.ts` prints its port. The model's name
 * says how it answers: `<deltas>x<everyMs>`, all at once when `everyMs` is 0.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { openaiEvents } from "../test/fake/model/openai-events.ts";

/** About what a token is. */
const DELTA = " word";

const server = createServer((request, response) => {
  // A client that hangs up is no trouble of the model's.
  receive(request, response).catch(() => response.destroy());
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
if (address === null || typeof address === "string") throw new Error("expected a port");
console.log(address.port);

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { model } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly model: string };
  const [deltas = 1, everyMs = 0] = model.split("x").map(Number);
  response.writeHead(200, { "content-type": "text/event-stream" });
  if (everyMs === 0) response.write(openaiEvents.beginning(Array.from({ length: deltas }, () => DELTA)));
  else {
    const startedMs = performance.now();
    for (let sent = 1; sent <= deltas; sent++) {
      // As long as is left until it is due: a busy moment is made up for.
      await sleep(Math.max(0, startedMs + sent * everyMs - performance.now()));
      response.write(openaiEvents.beginning([DELTA]));
    }
  }
  response.end(openaiEvents.end({ kind: "answer", deltas: [] }));
}
