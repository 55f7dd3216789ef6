import { Hono } from "hono";
import { z } from "zod";
import type { Clock } from "../clock/clock.ts";
import { toldBucketOf } from "../memory/bucket-of.ts";
import { forgetAt, forgetNamed } from "../memory/forget-named.ts";
import { currentStates, listMemory } from "../memory/list-memory.ts";
import { memoryAsOf } from "../memory/memory-of.ts";
import { namedScopes, type ScopeNames } from "../memory/named-scopes.ts";
import { refusalText } from "../memory/refusal-text.ts";
import { remember } from "../memory/remember.ts";
import { parseScope, type Scope } from "../session/memory-scope.ts";
import { selectPlacementsAt } from "../store/memory-placements.ts";
import { selectScopeCounts } from "../store/memory-scopes.ts";
import type { SessionStore } from "../store/store.ts";
import { memoryJson } from "./memory-json.ts";
import { boundedText, idText } from "./message-body.ts";
import { countText, MAX_POSITION, readBody, readQuery } from "./read-request.ts";
import { RequestError } from "./request-error.ts";

/** Memories on one page of the API: each costs some small look-ups besides its row. */
const MAX_MEMORIES = 200;
const DEFAULT_MEMORIES = 50;
const MAX_SCOPES = 500;
const DEFAULT_SCOPES = 100;
/** Longest text that is searched for, or comes to be remembered, in UTF-16 units; hygiene has its own, stricter one. */
const MAX_TEXT = 4_096;
/** Placements of one address. */
const MAX_SAME = 1_000;

const scopeText = z.string().max(2_048).exactOptional();
const names = {
  user: scopeText,
  chat: scopeText,
  agent: idText.exactOptional(),
  session: idText.exactOptional(),
  scope: scopeText,
};
const namesQuery = z.strictObject(names);
const states = ["active", "preliminary", "superseded", "stashed", "archived"] as const;
const listQuery = z.strictObject({
  ...names,
  q: boundedText(MAX_TEXT).exactOptional(),
  state: z.enum(states, { error: `expected one of ${states.join(", ")}` }).exactOptional(),
  asOfMs: countText(0, MAX_POSITION).exactOptional(),
  limit: countText(1, MAX_MEMORIES).default(DEFAULT_MEMORIES),
  before: countText(1, MAX_POSITION).default(MAX_POSITION),
});
const scopesQuery = z.strictObject({
  limit: countText(1, MAX_SCOPES).default(DEFAULT_SCOPES),
  after: z.string().max(2_048).default(""),
});
const tellBody = z.strictObject({
  scope: z.string({ error: "expected the scope to remember it in" }).max(2_048),
  text: boundedText(MAX_TEXT),
  replaces: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: "expected the address of what it takes the place of" })
    .exactOptional(),
});
const ADDRESS = /^[0-9a-f]{12,64}$/;

/** `/api/memory`: what is remembered, by whom it is about; telling, correcting, forgetting. */
export function memoryRoutes(store: SessionStore, clock: Clock): Hono {
  const routes = new Hono();
  const { reader } = store;

  routes.get("/api/memory", (c) => {
    const { q, state, asOfMs, limit, before, ...named } = readQuery(c, listQuery);
    if (asOfMs !== undefined) {
      if (Object.keys(named).length === 0 || q !== undefined || state !== undefined || before !== MAX_POSITION)
        throw new RequestError(
          400,
          "invalid_request",
          "asOfMs: expected user, chat, agent, session or scope beside it.",
        );
      const then = scopesOf(store, named).flatMap((scope) => [...memoryAsOf(reader, scope, asOfMs).take(limit)]);
      return c.json({ memories: then.slice(0, limit).map((placement) => memoryJson(reader, placement)), next: null });
    }
    const page = listMemory(reader, {
      scopes: Object.keys(named).length === 0 ? null : scopesOf(store, named),
      text: q ?? null,
      states: state === undefined ? currentStates : [state],
      before,
      limit,
    });
    const last = page.at(-1);
    return c.json({
      memories: page.map((placement) => memoryJson(reader, placement)),
      next: last !== undefined && page.length === limit ? String(last.id) : null,
    });
  });
  routes.get("/api/memory/scopes", (c) => {
    const { after, limit } = readQuery(c, scopesQuery);
    const scopes = selectScopeCounts(reader, after, limit);
    return c.json({ scopes, next: scopes.length === limit ? (scopes.at(-1)?.scope ?? null) : null });
  });
  routes.get("/api/memory/:addr", (c) => {
    const scopes = scopesOf(store, readQuery(c, namesQuery));
    const found = selectPlacementsAt(reader, readAddress(c.req.param("addr")), MAX_SAME).filter(
      ({ scope }) => scopes.length === 0 || scopes.some((one) => one === scope),
    );
    if (found.length === 0) throw noMemory();
    return c.json({ memories: found.map((placement) => memoryJson(reader, placement)) });
  });
  routes.post("/api/memory", async (c) => {
    const { scope: name, text, replaces } = await readBody(c, tellBody);
    const [scope] = scopesOf(store, { scope: name });
    if (scope === undefined || parseScope(scope)?.kind === "session") {
      throw new RequestError(400, "invalid_request", "scope: expected one that outlives its session.");
    }
    const told = await store.write((tx) => {
      const old =
        replaces === undefined
          ? null
          : selectPlacementsAt(tx, replaces, MAX_SAME).find((one) => one.scope === scope && one.state === "active");
      if (old === undefined) return null;
      const telling = { scope, content: text, bucket: toldBucketOf(text), author: null, source: null };
      return remember(tx, old === null ? telling : { ...telling, replaces: old.id }, clock.nowMs());
    });
    if (told === null) throw noMemory();
    if (told.kind === "refused") throw new RequestError(422, `refused_${told.reason}`, refusalText(told.reason));
    return c.json(memoryJson(reader, told.placement), 201);
  });
  routes.delete("/api/memory/:addr", async (c) => {
    const scopes = scopesOf(store, readQuery(c, namesQuery));
    const addr = readAddress(c.req.param("addr"));
    const forgotten = await forgetAt(store, { addr, scopes, nowMs: clock.nowMs() });
    if (forgotten === 0) throw noMemory();
    return c.json({ forgotten });
  });
  routes.delete("/api/memory", async (c) => {
    const scopes = scopesOf(store, readQuery(c, namesQuery));
    if (scopes.length === 0) {
      throw new RequestError(
        400,
        "invalid_request",
        "expected user, chat, agent, session or scope: whose memory to erase.",
      );
    }
    return c.json(await forgetNamed(store, scopes, clock.nowMs()));
  });
  return routes;
}

function scopesOf({ reader }: SessionStore, query: ScopeNames): readonly Scope[] {
  const named = namedScopes(reader, query);
  if (named.kind === "scopes") return named.scopes;
  throw new RequestError(400, "invalid_request", `${named.name}: expected ${named.expected}.`);
}

function readAddress(text: string): string {
  if (!ADDRESS.test(text)) throw noMemory();
  return text;
}

function noMemory(): RequestError {
  return new RequestError(404, "not_found", "Nothing is remembered there. GET /api/memory lists what is.");
}
