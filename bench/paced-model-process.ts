import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PROGRAM = join(import.meta.dirname, "paced-model.ts");

/** A mock model in a process of its own. */
export interface PacedModel extends AsyncDisposable {
  /** Up to and including `/v1`. */
  readonly baseUrl: string;
}

/** Starts one and waits until it listens. */
export async function startPacedModel(): Promise<PacedModel> {
  const child = spawn(process.execPath, [PROGRAM], { stdio: ["ignore", "pipe", "inherit"] });
  const exit = once(child, "exit");
  const died = exit.then(([code]) => {
    throw new Error(`the mock model ended with exit code ${String(code)}`);
  });
  const [port] = (await Promise.race([died, once(createInterface({ input: child.stdout }), "line")])) as [string];
  died.catch(() => undefined);
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exit;
    },
  };
}
