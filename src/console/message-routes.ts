import { Hono } from "hono";
import { z } from "zod";
import type { Gateway } from "../gateway/gateway.ts";
import { placed } from "../session/resolve-targets.ts";
import type { DirectAcceptance } from "./direct-adapter.ts";
import {
  boundedText,
  type DirectPlatform,
  idText,
  type MessageBody,
  messageBody,
  spokenText,
  withoutNulls,
} from "./message-body.ts";
import { countText, readBody, readQuery } from "./read-request.ts";
import { RequestError } from "./request-error.ts";

/** The doors of the platforms whose messages come through this server. */
export type Receivers = Readonly<Record<DirectPlatform, (body: MessageBody) => Promise<DirectAcceptance>>>;

/** Longest time a caller may wait for its answer: what proxies and HTTP clients bear. */
const MAX_WAIT_SECONDS = 120;
const waitQuery = z.strictObject({ wait: countText(1, MAX_WAIT_SECONDS).exactOptional() });

const sendBody = z.preprocess(
  withoutNulls,
  z.strictObject({
    platform: boundedText(64),
    account: idText.default("default"),
    chatId: idText,
    threadId: idText.exactOptional(),
    text: spokenText,
  }),
);

/** `POST /api/messages` takes a person's message in, `POST /api/send` says something to a conversation. `closing` ends every wait. */
export function messageRoutes(gateway: Gateway, receivers: Receivers, closing: AbortSignal): Hono {
  const routes = new Hono();
  routes.post("/api/messages", async (c) => {
    const { wait } = readQuery(c, waitQuery);
    const { platform, ...body } = await readBody(c, messageBody);
    const acceptance = await receivers[platform](body);
    if (acceptance.kind === "refused") throw refusal(acceptance);
    const { inboxId, sessionKey } = acceptance;
    if (body.pressed !== undefined) {
      const { chatId, threadId = null } = body;
      await gateway.pressed({ platform, account: "default", chatId, threadId }, body.pressed);
    }
    if (wait === undefined || closing.aborted) return c.json({ inboxId, sessionKey }, 202);
    const signal = AbortSignal.any([c.req.raw.signal, closing]);
    const reply = await gateway.waitForReply(inboxId, wait * 1_000, signal);
    if (reply === null) return c.json({ inboxId, sessionKey }, 202);
    return c.json({ inboxId, sessionKey, sessionId: reply.sessionId, reply: { text: reply.text } });
  });
  routes.post("/api/send", async (c) => {
    const { platform, account, chatId, threadId = null, text } = await readBody(c, sendBody);
    const known = gateway.status().adapters;
    if (!known.some((adapter) => adapter.platform === platform && adapter.account === account)) {
      const names = known.map((adapter) => `${adapter.platform}@${adapter.account}`).join(", ");
      const message = `platform, account: expected one of ${names}, got ${platform}@${account}.`;
      throw new RequestError(400, "invalid_request", message);
    }
    const place = { platform, account, chatId, threadId };
    const [refusal] = (await gateway.jobs.refusedPlaces([placed(place)])).values();
    if (refusal !== undefined) throw new RequestError(409, "refused_place", refusal);
    return c.json({ outboxId: await gateway.send(place, text) }, 202);
  });
  return routes;
}

/** When a caller may expect room in a queue, or a daemon that was restarted. */
const RETRY_SECONDS = { queue_full: 2, stopping: 5 } as const;

function refusal({ reason, message }: Extract<DirectAcceptance, { kind: "refused" }>): RequestError {
  switch (reason) {
    case "queue_full":
      return new RequestError(429, reason, message, RETRY_SECONDS.queue_full);
    case "too_long":
      return new RequestError(413, reason, message);
    case "stopping":
      return new RequestError(503, reason, message, RETRY_SECONDS.stopping);
  }
}
