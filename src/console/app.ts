import { Hono } from "hono";
import type { Clock } from "../clock/clock.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { Log } from "../observe/log.ts";
import { bodyLimit } from "./body-limit.ts";
import { commandRoutes } from "./command-routes.ts";
import { deadLetterRoutes } from "./dead-letter-routes.ts";
import { errorResponse } from "./error-response.ts";
import { eventRoutes } from "./event-routes.ts";
import { jobRoutes } from "./job-routes.ts";
import { lifecycleRoutes } from "./lifecycle-routes.ts";
import { login } from "./login.ts";
import { markdownRoutes } from "./markdown-routes.ts";
import { memoryRoutes } from "./memory-routes.ts";
import { messageRoutes, type Receivers } from "./message-routes.ts";
import { pageRoutes } from "./page-files.ts";
import { pairRoutes } from "./pair-routes.ts";
import { postRoutes } from "./post-routes.ts";
import { RequestError } from "./request-error.ts";
import { requestGuard } from "./request-guard.ts";
import { requestLog } from "./request-log.ts";
import { searchRoutes } from "./search-routes.ts";
import { securityHeaders } from "./security-headers.ts";
import { sessionRoutes } from "./session-routes.ts";
import { healthRoute, type MetricsText, statusRoutes } from "./status-routes.ts";
import { uploadRoutes } from "./upload-routes.ts";
import { webhookRoutes } from "./webhook-routes.ts";

/** What the console is made of. */
export interface ConsoleParts {
  readonly gateway: Gateway;
  readonly receivers: Receivers;
  readonly metrics: MetricsText;
  readonly log: Log;
  readonly clock: Clock;
  /** The address it listens on. */
  readonly host: string;
  /** The secret that opens it; null for loopback alone. */
  readonly token: string | null;
  /** Further names under which it is reached, without a port. */
  readonly allowedHosts?: readonly string[];
  /** Aborts when the server closes: streams and waits end. */
  readonly closing: AbortSignal;
}

/** Every route of the console. What is added before the login's guard is open to everybody, everything after it is not. */
export function consoleApp(parts: ConsoleParts): Hono {
  const { gateway, clock, host, token, allowedHosts = [], closing } = parts;
  const lock = login(token, clock);
  const app = new Hono();
  app.onError(errorResponse(parts.log));
  app.use(requestLog(parts.log, clock), securityHeaders);
  app.route("/", webhookRoutes(gateway.adapters));
  app.use(requestGuard({ host, allowedHosts }), bodyLimit());
  app.route("/", healthRoute());
  app.route("/", pageRoutes());
  app.route("/", lock.openRoutes);

  app.use(lock.guard);
  app.route("/", lock.guardedRoutes);
  app.route("/", statusRoutes(gateway, parts.metrics));
  app.route("/", messageRoutes(gateway, parts.receivers, closing));
  app.route("/", uploadRoutes(gateway.media, clock, closing));
  app.route("/", commandRoutes());
  app.route("/", sessionRoutes(gateway, clock));
  app.route("/", postRoutes(gateway.store));
  app.route("/", markdownRoutes());
  app.route("/", searchRoutes(gateway.store));
  app.route("/", memoryRoutes(gateway.store, clock));
  app.route("/", lifecycleRoutes(gateway, clock));
  app.route("/", deadLetterRoutes(gateway));
  app.route("/", pairRoutes(gateway, clock));
  app.route("/", jobRoutes(gateway, clock));
  app.route("/", eventRoutes({ gateway, clock, needsToken: token !== null, closing }));
  app.notFound(() => {
    throw new RequestError(404, "not_found", "There is nothing at this address.");
  });
  return app;
}
