import { Hono } from "hono";
import type { Adapter } from "../platform/adapter.ts";
import { RequestError } from "./request-error.ts";

/**
 * `POST /webhooks/<platform>/<account>`: calls of chat platforms, which prove themselves by secrets of their own. Nobody is logged in here, and a
 * platform knows this server by whatever name its operator gave it: the guards of the console don't apply.
 */
export function webhookRoutes(adapters: readonly Adapter[]): Hono {
  const routes = new Hono();
  routes.post("/webhooks/:platform/:account", async (c) => {
    const { platform, account } = c.req.param();
    const adapter = adapters.find((each) => each.platform === platform && each.account === account);
    if (adapter?.webhook === undefined) throw new RequestError(404, "not_found", "There is nothing at this address.");
    return await adapter.webhook(c.req.raw);
  });
  return routes;
}
