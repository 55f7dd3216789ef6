import { Hono } from "hono";
import type { Gateway } from "../gateway/gateway.ts";
import { readiness } from "./readiness.ts";

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
    const ready = readiness(gateway);
    return c.json(ready, ready.status === "ready" ? 200 : 503);
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
