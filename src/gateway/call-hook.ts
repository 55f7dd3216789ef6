import { postOnce } from "../agent/http-post.ts";
import { SIGNATURE_HEADER, signatureOf } from "../agent/http-signature.ts";
import { importModule } from "../agent/module-import.ts";
import { type Clock, sleep } from "../clock/clock.ts";
import type { HookDelivery } from "../store/hook-deliveries.ts";
import type { MemoryHook } from "./memory-rules.ts";

/** How long a hook may take. */
const TIMEOUT_MS = 10_000;

/** Tells a hook of an event, once; rejects where it fails, or takes too long. A module that hangs is left behind, since code in this process can't be ended. */
export async function callHook(
  { target }: MemoryHook,
  delivery: HookDelivery,
  clock: Clock,
  stopping: AbortSignal,
): Promise<void> {
  const ending = new AbortController();
  const end = () => ending.abort();
  stopping.addEventListener("abort", end);
  const tooLong = sleep(clock, TIMEOUT_MS, ending.signal).then(() => {
    throw new Error(stopping.aborted ? "stopped" : `no end within ${TIMEOUT_MS / 1_000} seconds`);
  });
  const told = toldOf(delivery);
  const call =
    target.kind === "module"
      ? callModule(target.path, told, ending.signal)
      : callWebhook(target, told, delivery, clock, ending.signal);
  try {
    await Promise.race([call, tooLong]);
  } finally {
    stopping.removeEventListener("abort", end);
    end();
    // Whichever of the two lost may still reject, and nobody waits for it.
    for (const left of [call, tooLong]) left.catch(() => {});
  }
}

/** What hooks are told. An event that arrives twice has the same id. */
function toldOf({ eventId, attempts, event }: HookDelivery) {
  const { kind, sessionId, sessionKey, data, atMs } = event;
  return { id: eventId, kind, sessionId, sessionKey, at: new Date(atMs).toISOString(), attempt: attempts + 1, data };
}

async function callModule(path: string, told: ReturnType<typeof toldOf>, signal: AbortSignal): Promise<void> {
  const { default: hook } = await importModule(path, null);
  if (typeof hook !== "function") throw new TypeError(`${path}: expected its default export to be a function`);
  await hook(told, signal);
}

async function callWebhook(
  { url, secret }: Extract<MemoryHook["target"], { kind: "webhook" }>,
  told: ReturnType<typeof toldOf>,
  { eventId, hook }: HookDelivery,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const body = JSON.stringify(told);
  const headers = {
    "content-type": "application/json; charset=utf-8",
    "content-length": String(Buffer.byteLength(body)),
    "idempotency-key": `${hook}-${eventId}`,
    ...(secret === null ? {} : { [SIGNATURE_HEADER]: signatureOf(body, secret, clock.nowMs()) }),
  };
  const posted = await postOnce({ url, headers, body, firstByteTimeoutMs: TIMEOUT_MS, clock, signal });
  switch (posted.kind) {
    case "response": {
      const status = posted.response.statusCode ?? 0;
      // Only that it was taken counts; what is said besides is not read.
      posted.response.destroy();
      if (status < 200 || status > 299) throw new Error(`HTTP ${status}`);
      return;
    }
    case "broken":
      throw posted.error;
    case "late":
    case "stopped":
      throw new Error("no answer in time");
  }
}
