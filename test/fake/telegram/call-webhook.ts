import { request } from "node:http";
import type { Records, Webhook } from "./records.ts";
import type { UpdateQueue } from "./update-queue.ts";

/** Telegram waits longer and longer; tests don't. */
const TRY_AGAIN_MS = 20;

/** Sends updates to the webhook that is set, one after the other, each until it is taken. */
export interface WebhookCaller {
  /** There may be something to send. */
  wake(): void;
  close(): void;
}

/** Sends nothing until it is woken. */
export function openWebhookCaller(records: Records, queue: UpdateQueue): WebhookCaller {
  let isRunning = false;
  let isClosed = false;

  const run = async () => {
    for (;;) {
      const { webhook } = records;
      const update = queue.first();
      if (isClosed || webhook === null || update === null) return;
      const status = await send(webhook, update.json);
      if (status === 200) {
        records.webhookTrouble = null;
        queue.confirm(update.id + 1);
        continue;
      }
      const message = status === null ? "Connection refused" : `Wrong response from the webhook: ${status}`;
      records.webhookTrouble = { message, atSeconds: Math.floor(Date.now() / 1_000) };
      await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
    }
  };

  return {
    wake() {
      if (isRunning) return;
      isRunning = true;
      void run().finally(() => {
        isRunning = false;
      });
    },
    close() {
      isClosed = true;
    },
  };
}

function send({ url, secret }: Webhook, json: string): Promise<number | null> {
  // Nobody answers at the made-up addresses that tests give; real ones of theirs are plain http.
  if (!url.startsWith("http:")) return Promise.resolve(null);
  return new Promise((resolve) => {
    const headers = {
      "content-type": "application/json",
      ...(secret === null ? {} : { "x-telegram-bot-api-secret-token": secret }),
    };
    request(url, { method: "POST", headers }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode ?? null));
    })
      .on("error", () => resolve(null))
      .end(json);
  });
}
