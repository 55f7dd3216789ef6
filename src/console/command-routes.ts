import { Hono } from "hono";
import { commands } from "../command/commands.ts";

/** `GET /api/commands`: what can be told the bot, for who completes it while it is typed. */
export function commandRoutes(): Hono {
  const routes = new Hono();
  const told = commands.map(({ name, usage, summary }) => ({ name, usage, summary }));
  routes.get("/api/commands", (c) => c.json({ commands: told }));
  return routes;
}
