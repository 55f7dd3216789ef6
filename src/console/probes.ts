import type { Gateway } from "../gateway/gateway.ts";
import type { IncomingMessage, ServerResponse } from "../node-http.ts";
import { readiness } from "./readiness.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";
import { isTrustedHost, type ServedHosts } from "./trusted-host.ts";

/**
 * Answers `GET /healthz` and, where no token guards it, `GET /readyz` by plain node:http, and returns whether it did.
 * Watchers ask these every few seconds of a daemon that nobody else may ever ask anything: it need not hold the 16 MB
 * of the web console for them. Whatever is unusual about the request is left to the console.
 */
export function answerProbe(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  served: ServedHosts & { readonly gateway: Gateway; readonly token: string | null },
): boolean {
  const { method, url, headers } = incoming;
  if (method !== "GET" || headers.origin !== undefined || headers["sec-fetch-site"] !== undefined) return false;
  if (!isTrustedHost(headers.host, served)) return false;
  if (url === "/healthz") return answer(outgoing, 200, { status: "ok" });
  if (url !== "/readyz" || served.token !== null) return false;
  const ready = readiness(served.gateway);
  return answer(outgoing, ready.status === "ready" ? 200 : 503, ready);
}

function answer(outgoing: ServerResponse, status: number, body: object): true {
  outgoing.writeHead(status, {
    ...SECURITY_HEADERS,
    "Content-Type": "application/json",
  });
  outgoing.end(JSON.stringify(body));
  return true;
}
