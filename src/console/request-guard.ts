import type { MiddlewareHandler } from "hono";
import { RequestError } from "./request-error.ts";
import { foreignOrigin } from "./same-origin.ts";
import { isTrustedHost, type ServedHosts } from "./trusted-host.ts";
import { UPLOAD_TYPE, UPLOADS } from "./upload-address.ts";

/** Lets through only requests that name this server, come from no foreign page, and cannot be sent by a form of one. */
export function requestGuard(served: ServedHosts): MiddlewareHandler {
  return async (c, next) => {
    const { method, path } = c.req;
    const host = c.req.header("host");
    if (!isTrustedHost(host, served)) {
      const message = `Host: expected the address this server listens on, got ${JSON.stringify((host ?? "").slice(0, 80))}. Use that address, or name this one under console.allowedHosts.`;
      throw new RequestError(403, "forbidden_host", message);
    }
    const foreign = foreignOrigin({
      method,
      path,
      host: host ?? "",
      origin: c.req.header("origin"),
      fetchSite: c.req.header("sec-fetch-site"),
      fetchMode: c.req.header("sec-fetch-mode"),
    });
    if (foreign !== null) throw new RequestError(403, "forbidden_origin", foreign);
    // DELETE needs none: no form can send it.
    const expected = path === UPLOADS ? UPLOAD_TYPE : "application/json";
    if (
      (method === "POST" || method === "PATCH" || method === "PUT") &&
      typeOf(c.req.header("content-type")) !== expected
    ) {
      throw new RequestError(415, "unsupported_media_type", `Content-Type: expected ${expected}.`);
    }
    await next();
  };
}

function typeOf(contentType: string | undefined): string | undefined {
  return contentType?.split(";")[0]?.trim().toLowerCase();
}
