import { isSameSecret } from "../../src/console/same-secret.ts";
import type { TakeUpdate } from "./take-update.ts";

/** Largest update that is read: a message of 4096 characters with its entities and what it replies to is under 100 KB. */
const MAX_UPDATE_BYTES = 1024 * 1024;
const SECRET_HEADER = "x-telegram-bot-api-secret-token"; // core.telegram.org/bots/api#setwebhook

/** Answers a call of Telegram's: 200 only when the update was taken, so that it sends again what was not. `take` is null while nothing can be taken. */
export async function receiveWebhook(request: Request, secret: string, take: TakeUpdate | null): Promise<Response> {
  if (!isSameSecret(request.headers.get(SECRET_HEADER) ?? "", secret)) return answer(401);
  if (request.method !== "POST") return answer(405);
  if (take === null) return answer(503);
  const body = await readBody(request);
  if (body === null) return answer(413);
  const update = parse(body);
  if (update === undefined) return answer(400);
  try {
    return answer((await take(update)) === "taken" ? 200 : 503);
  } catch {
    // The core has reported that it could not be stored; Telegram's repetition is the second try.
    return answer(503);
  }
}

async function readBody(request: Request): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of request.body ?? []) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > MAX_UPDATE_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function answer(status: number): Response {
  return new Response(null, { status });
}
