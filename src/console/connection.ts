import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";

/** The address of whom a request came from: the connection's, not what a header claims. One for all where there is no connection (in-process calls). */
export function addressOf(c: Context): string {
  return bindingsOf(c).incoming?.socket.remoteAddress ?? "";
}

/** Drops the connection of a request, with whatever still waits to be read from it; false where there is none. */
export function cutConnection(c: Context): boolean {
  const { outgoing } = bindingsOf(c);
  outgoing?.destroy();
  return outgoing !== undefined;
}

function bindingsOf(c: Context): Partial<HttpBindings> {
  return c.env ?? {};
}
