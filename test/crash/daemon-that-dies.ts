// Run as a process of its own: a gateway on a platform made of two files, which kills itself with SIGKILL at the point it is told to.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TurnRequest } from "../../src/agent/backend.ts";
import { commands } from "../../src/command/commands.ts";
import { openGateway } from "../../src/gateway/gateway.ts";
import type { Adapter, Intake } from "../../src/platform/adapter.ts";
import { person } from "../support/bare-gateway.ts";
import { dataDir, dieIf, mortalGateway, note, openMortalStore } from "./mortal.ts";

function lines(file: string): string[] {
  const path = join(dataDir, file);
  return existsSync(path)
    ? readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => line !== "")
    : [];
}

/** Delivers what is in `updates` and not in `confirmed`, as Telegram does; posts go to `posts`. */
const adapter: Adapter = {
  platform: "memory",
  account: "default",
  async start({ accept }: Intake) {
    const confirmed = new Set(lines("confirmed"));
    for (const id of lines("updates").filter((update) => !confirmed.has(update))) {
      await accept({ source: person("c"), messageId: id, text: `message ${id}`, attachments: [] });
      dieIf("after the inbox row");
      note("confirmed", id);
    }
  },
  async stop() {},
  health: () => ({ connected: true, lastEventAtMs: null, detail: "" }),
  async send(message) {
    dieIf("after the commit of the turn");
    note("posts", message.text);
    dieIf("between the platform's acceptance and our record");
    return String(message.outboxId);
  },
};

const agent = {
  name: "mortal",
  async *run(request: TurnRequest) {
    note("turns", `${request.message.text} attempt ${request.attempt}`);
    yield { kind: "text", delta: "answer to " } as const;
    dieIf("while the agent runs");
    yield { kind: "text", delta: request.message.text } as const;
    yield { kind: "done" } as const;
  },
};

const store = await openMortalStore();
const gateway = await openGateway({
  ...mortalGateway,
  store,
  adapters: [adapter],
  agents: new Map([["main", agent]]),
  routeOf: () => {
    dieIf("before the inbox row");
    return "main";
  },
  commands,
});
while (store.stats().outbox.pending + store.stats().inbox.running + store.stats().inbox.waiting > 0) {
  await new Promise((resolve) => setTimeout(resolve, 5));
}
await gateway.stop("done");
await store[Symbol.asyncDispose]();
