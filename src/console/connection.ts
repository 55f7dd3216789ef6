import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { isLoopback } from "./trusted-host.ts";

/** The address of whom a request came from: the connection's, not what a header claims. One for all where there is no connection (in-process calls). */
export function addressOf(c: Context): string {
  return bindingsOf(c).incoming?.socket.remoteAddress ?? "";
}

/** One browser or program among those that watch, by its address and login; null where all look alike: on this machine, without a login. */
export function clientOf(c: Context): string | null {
  const address = addressOf(c);
  const login = c.req.header("cookie") ?? "";
  const isHere = address === "" || isLoopback(address.replace(/^::ffff:/, ""));
  return isHere && login === "" ? null : `${address} ${login}`;
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
