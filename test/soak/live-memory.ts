import { once } from "node:events";
import { createServer } from "node:net";
import { z } from "zod";

/** A process whose garbage can be collected from outside: what it uses then is what it keeps. */
export interface InspectedProcess {
  /** Collects its garbage and resolves with what is left, objects and buffers, in MB. It pauses the process for some 100 ms. */
  liveMb(): Promise<number>;
  close(): void;
}

const targets = z.array(z.object({ webSocketDebuggerUrl: z.string() }));
const answer = z.object({
  id: z.number(),
  result: z.object({ usedSize: z.number(), backingStorageSize: z.number().default(0) }).partial(),
});

/** A port that was free a moment ago, for `--inspect`. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("expected a port");
  return address.port;
}

/** Connects to a process that runs with `--inspect=127.0.0.1:PORT`, by the Chrome DevTools protocol. */
export async function inspectProcess(port: number): Promise<InspectedProcess> {
  const [target] = targets.parse(await (await fetch(`http://127.0.0.1:${port}/json/list`)).json());
  if (target === undefined) throw new Error(`nothing can be inspected on port ${port}`);
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await once(socket, "open");
  const waiting = new Map<number, (result: z.output<typeof answer>["result"]) => void>();
  socket.addEventListener("message", ({ data }) => {
    const told = answer.safeParse(JSON.parse(String(data)));
    if (told.success) waiting.get(told.data.id)?.(told.data.result);
  });
  let lastId = 0;
  const ask = async (method: string) => {
    const id = ++lastId;
    const { promise, resolve } = Promise.withResolvers<z.output<typeof answer>["result"]>();
    waiting.set(id, resolve);
    socket.send(JSON.stringify({ id, method }));
    const result = await promise;
    waiting.delete(id);
    return result;
  };
  return {
    async liveMb() {
      await ask("HeapProfiler.collectGarbage");
      const { usedSize = Number.NaN, backingStorageSize = 0 } = await ask("Runtime.getHeapUsage");
      return (usedSize + backingStorageSize) / 1024 ** 2;
    },
    close: () => socket.close(),
  };
}
