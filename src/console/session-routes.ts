import { Hono } from "hono";
import { z } from "zod";
import type { Clock } from "../clock/clock.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { forgetSource } from "../memory/forget-person.ts";
import { isChatType } from "../session/source.ts";
import type { Session } from "../store/session.ts";
import { archivesJson } from "./archives-json.ts";
import { idText } from "./message-body.ts";
import { countText, MAX_POSITION, noSession, readBody, readIdParam, readQuery } from "./read-request.ts";
import { RequestError } from "./request-error.ts";
import { sessionJson } from "./session-json.ts";

/** Sessions on one page of the API: each costs two small look-ups besides its row. */
const MAX_SESSIONS = 500;
const DEFAULT_SESSIONS = 50;
/** Lines of a transcript on one page of the API. */
const MAX_MESSAGES = 500;
const DEFAULT_MESSAGES = 50;

const time = countText(0, MAX_POSITION).exactOptional();
const text = idText.exactOptional();
const listQuery = z.strictObject({
  platform: text,
  live: z.enum(["true", "false"], { error: 'expected "true" or "false"' }).exactOptional(),
  chatType: z.string().refine(isChatType, { error: "expected dm, group, channel or thread" }).exactOptional(),
  agentId: text,
  chatId: text,
  threadId: text,
  sessionKey: z.string().max(4_096).exactOptional(),
  userId: text,
  tag: text,
  title: text,
  createdFromMs: time,
  createdToMs: time,
  activeFromMs: time,
  activeToMs: time,
  limit: countText(1, MAX_SESSIONS).default(DEFAULT_SESSIONS),
  cursor: z.string().max(64).exactOptional(),
});
const messagesQuery = z.strictObject({
  limit: countText(1, MAX_MESSAGES).default(DEFAULT_MESSAGES),
  before: countText(1, MAX_POSITION).exactOptional(),
});
const archivesQuery = z.strictObject({
  merged: z.enum(["true", "false"], { error: 'expected "true" or "false"' }).exactOptional(),
});
/** `forget`: what was learned in it goes, too, wherever it is remembered. */
const deleteQuery = z.strictObject({
  forget: z.enum(["true", "false"], { error: 'expected "true" or "false"' }).exactOptional(),
});
const titleBody = z.strictObject({ title: z.string({ error: "expected a text, or null to clear it" }).nullable() });

/** `/api/sessions`: listing, reading, naming, starting afresh, going back, deleting. */
export function sessionRoutes(gateway: Gateway, clock: Clock): Hono {
  const { store } = gateway;
  const routes = new Hono();
  const requireSession = (sessionId: string): Session => {
    const session = store.session(sessionId);
    if (session === null) throw noSession();
    return session;
  };

  routes.get("/api/sessions", (c) => {
    const { live, ...filter } = readQuery(c, listQuery);
    const page = store.listSessions(live === undefined ? filter : { ...filter, live: live === "true" });
    return c.json({ sessions: page.sessions.map((session) => sessionJson(store.reader, session)), next: page.next });
  });
  routes.get("/api/sessions/:id", (c) => c.json(sessionJson(store.reader, requireSession(readIdParam(c)))));
  routes.get("/api/sessions/:id/messages", (c) => {
    const { sessionId } = requireSession(readIdParam(c));
    const messages = store.transcript(sessionId, readQuery(c, messagesQuery));
    const first = messages[0]?.seq ?? 1;
    return c.json({ sessionId, messages, next: first > 1 ? first : null });
  });
  routes.get("/api/sessions/:id/archives", (c) => {
    const { merged } = readQuery(c, archivesQuery);
    const { sessionId, row } = requireSession(readIdParam(c));
    return c.json({ sessionId, archives: archivesJson(store.reader, row, merged === "true") });
  });
  routes.post("/api/sessions/:id/reset", async (c) => {
    const session = requireSession(readIdParam(c));
    if (!session.live) {
      throw new RequestError(409, "not_live", "That session has ended; its conversation has started afresh already.");
    }
    const fresh = await gateway.resetSession(session.sessionKey);
    if (fresh === null) throw new RequestError(409, "not_live", "That session has just ended by itself.");
    return c.json(sessionJson(store.reader, fresh));
  });
  routes.post("/api/sessions/:id/resume", async (c) => {
    const session = requireSession(readIdParam(c));
    const left = store.liveSession(session.sessionKey);
    const outcome = await store.switchSession(session.sessionKey, session.sessionId, clock.nowMs());
    if (outcome === "not_found") throw noSession();
    if (outcome === "not_yours") {
      throw new RequestError(409, "not_resumable", "That session belongs to another conversation by now.");
    }
    if (outcome === "switched") {
      if (left !== null) gateway.sessionChanged(left.sessionId);
      gateway.sessionChanged(session.sessionId);
    }
    return c.json(sessionJson(store.reader, requireSession(session.sessionId)));
  });
  routes.patch("/api/sessions/:id", async (c) => {
    const { sessionId } = requireSession(readIdParam(c));
    const { title } = await readBody(c, titleBody);
    await store.setTitle(sessionId, title);
    gateway.sessionChanged(sessionId);
    return c.json(sessionJson(store.reader, requireSession(sessionId)));
  });
  routes.delete("/api/sessions/:id", async (c) => {
    const { sessionId } = requireSession(readIdParam(c));
    const { forget } = readQuery(c, deleteQuery);
    if (forget === "true") await forgetSource(store, sessionId, clock.nowMs());
    await store.deleteSession(sessionId, clock.nowMs());
    gateway.sessionChanged(sessionId);
    return c.body(null, 204);
  });
  return routes;
}
