import type { Context, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { Clock } from "../clock/clock.ts";
import type { Log } from "../observe/log.ts";

/** Logs each answered request: the route's pattern, never its path or query, which may hold what people wrote. */
export function requestLog(log: Log, clock: Clock): MiddlewareHandler {
  return async (c, next) => {
    const startedMs = clock.monotonicMs();
    await next();
    const durationMs = clock.monotonicMs() - startedMs;
    log.debug({ method: c.req.method, route: routeOf(c), status: c.res.status, durationMs }, "request answered");
  };
}

/** The pattern of the route that a request came to, `/api/sessions/:id` for example. */
export function routeOf(c: Context): string {
  return routePath(c, -1);
}
