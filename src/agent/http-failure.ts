import type { AgentEvent } from "./backend.ts";
import { failed } from "./program-failure.ts";

/** What an endpoint answered instead of 200, or why it answered nothing. */
export type HttpTrouble =
  | { readonly kind: "status"; readonly status: number; readonly excerpt: string; readonly retryAfterMs: number | null }
  | { readonly kind: "broken"; readonly code: string; readonly message: string }
  | { readonly kind: "late"; readonly timeoutMs: number };

/** Codes of Node and OpenSSL for a certificate that will not do, and for a server that speaks no TLS. */
const CERTIFICATE = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/;

/** Whether asking again in a moment may help: the endpoint was not reached, or said that it is busy. */
export function isWorthAnotherTry(trouble: HttpTrouble): boolean {
  switch (trouble.kind) {
    case "status":
      return trouble.status === 429 || (trouble.status >= 500 && trouble.status !== 501);
    case "broken":
      return !CERTIFICATE.test(trouble.code);
    case "late":
      return false; // it may be working on it
  }
}

/** The end of a turn whose endpoint did not answer. */
export function httpFailure(trouble: HttpTrouble): AgentEvent {
  switch (trouble.kind) {
    case "status":
      return statusFailure(trouble.status, trouble.excerpt);
    case "broken":
      return CERTIFICATE.test(trouble.code)
        ? failed("misconfigured", `url: expected a server with a valid certificate, got ${trouble.message}`)
        : failed("unavailable", `the endpoint was not reached: ${trouble.message}`);
    case "late":
      return failed("timeout", `the endpoint sent no first byte within ${trouble.timeoutMs} ms`);
  }
}

function statusFailure(status: number, excerpt: string): AgentEvent {
  const detail = `the endpoint answered ${status}${excerpt === "" ? "" : `: ${excerpt}`}`;
  if (status >= 300 && status < 400)
    return failed("misconfigured", `${detail}. Redirects are not followed: give the final address as url.`);
  switch (status) {
    case 401:
    case 403:
      return failed("misconfigured", `${detail}. Check secret and headers.`);
    case 404:
    case 405:
      return failed("misconfigured", `${detail}. Check url.`);
    case 402:
      return failed("quota", detail);
    case 413:
      return failed("too_long", detail);
    case 408:
    case 429:
      return failed("unavailable", detail);
    default:
      return status >= 500 ? failed("unavailable", detail) : failed("error", detail);
  }
}
