import { Hono } from "hono";
import type { Gateway } from "../gateway/gateway.ts";
import type { SessionStore } from "../store/store.ts";

/** What `/metrics` shows. */
export interface MetricsText {
  text(): Promise<string>;
  readonly contentType: string;
}

/** `GET /healthz`: the process is up; open to everybody, and says nothing else. */
export function healthRoute(): Hono {
  const routes = new Hono();
  routes.get("/healthz", (c) => c.json({ status: "ok" }));
  return routes;
}

/** `/readyz`, `/metrics` and `/api/status`: how things stand. */
export function statusRoutes(gateway: Gateway, metrics: MetricsText): Hono {
  const routes = new Hono();
  routes.get("/readyz", (c) => {
    const reasons = [...storeProblems(gateway.store), ...gateway.status().notReady];
    return reasons.length === 0 ? c.json({ status: "ready" }) : c.json({ status: "not_ready", reasons }, 503);
  });
  routes.get("/metrics", async (c) => {
    c.header("Content-Type", metrics.contentType);
    return c.body(await metrics.text());
  });
  routes.get("/api/status", (c) => {
    const { adapters, ...status } = gateway.status();
    return c.json({ ...status, adapters, watchers: gateway.feed.watchers(), store: gateway.store.stats() });
  });
  return routes;
}

/** Asks the database for a row: it is open and readable, or it says why not. */
function storeProblems(store: SessionStore): readonly string[] {
  try {
    store.hasAnySessions();
    return [];
  } catch (error) {
    return [`store: ${error instanceof Error ? error.message : String(error)}`];
  }
}
