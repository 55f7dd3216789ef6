import { Hono } from "hono";
import { z } from "zod";
import type { Gateway } from "../gateway/gateway.ts";
import { type HookDelivery, selectDeadDeliveries } from "../store/hook-deliveries.ts";
import { type InboxRow, selectDeadInbox } from "../store/inbox.ts";
import { type OutboxRow, selectDeadOutbox } from "../store/outbox.ts";
import { countText, MAX_POSITION, readQuery } from "./read-request.ts";
import { RequestError } from "./request-error.ts";

const MAX_ROWS = 200;
const DEFAULT_ROWS = 50;
const position = countText(1, MAX_POSITION).default(MAX_POSITION);
const pageQuery = z.strictObject({
  limit: countText(1, MAX_ROWS).default(DEFAULT_ROWS),
  inboxBefore: position,
  outboxBefore: position,
});
const payload = z.object({ text: z.string() });

/** `/api/dead-letters`: what was given up, newest first, and another try for posts. */
export function deadLetterRoutes(gateway: Gateway): Hono {
  const { reader } = gateway.store;
  const routes = new Hono();
  routes.get("/api/dead-letters", (c) => {
    const { limit, inboxBefore, outboxBefore } = readQuery(c, pageQuery);
    const inbox = selectDeadInbox(reader, inboxBefore, limit);
    const outbox = selectDeadOutbox(reader, outboxBefore, limit);
    return c.json({
      inbox: { rows: inbox.map(inboxJson), next: nextOf(inbox, limit) },
      outbox: { rows: outbox.map(outboxJson), next: nextOf(outbox, limit) },
      hooks: { rows: selectDeadDeliveries(reader, limit).map(hookJson) },
    });
  });
  routes.post("/api/dead-letters/outbox/:id/retry", async (c) => {
    const id = c.req.param("id");
    const isRevived = /^\d{1,15}$/.test(id) && (await gateway.retryDead(Number(id)));
    if (!isRevived) throw new RequestError(404, "not_found", "There is no dead post with that number.");
    return c.json({ outboxId: Number(id) }, 202);
  });
  routes.post("/api/dead-letters/hooks/:event/:hook/retry", async (c) => {
    const { event, hook } = c.req.param();
    const isRevived = /^\d{1,15}$/.test(event) && (await gateway.retryHook(Number(event), hook));
    if (!isRevived) throw new RequestError(404, "not_found", "There is no dead delivery of that event to that hook.");
    return c.json({ eventId: Number(event), hook }, 202);
  });
  return routes;
}

function nextOf(rows: readonly { readonly id: number }[], limit: number): number | null {
  return rows.length === limit ? (rows.at(-1)?.id ?? null) : null;
}

function inboxJson(row: InboxRow) {
  const { id, platform, account, error, attempts } = row;
  return {
    inboxId: id,
    platform,
    account,
    chatId: row.chat_id,
    sessionKey: row.session_key,
    text: row.payload === null ? null : payload.parse(JSON.parse(row.payload)).text,
    attempts,
    error,
    receivedAtMs: row.received_at_ms,
  };
}

function hookJson({ eventId, hook, attempts, error, event }: HookDelivery) {
  return { eventId, hook, kind: event.kind, sessionId: event.sessionId, attempts, error, atMs: event.atMs };
}

function outboxJson(row: OutboxRow) {
  const { id, platform, account, kind, text, attempts, error } = row;
  return {
    outboxId: id,
    inboxId: row.inbox_id,
    platform,
    account,
    chatId: row.chat_id,
    threadId: row.thread_id,
    postKind: kind,
    text,
    attempts,
    error,
    createdAtMs: row.created_at_ms,
  };
}
