/** Codes of attempts to connect, and of certificates that are refused before anything is sent. */
const CODES = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);
/** What was under way then, for codes (`ETIMEDOUT`) that an open connection has as well. */
const CONNECTING = new Set(["connect", "getaddrinfo"]);

/** Deep enough for what `fetch` wraps, and an end to causes that go in a circle. */
const MAX_DEPTH = 5;

/** Whether an error of Node's network says that no connection was made, so that nothing was ever asked: calling again can't double anything. */
export function neverConnected(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > MAX_DEPTH) return false;
  // A name with several addresses: all of them were tried.
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.every((each) => neverConnected(each, depth + 1));
  }
  if ("code" in error && CODES.has(String(error.code))) return true;
  if ("syscall" in error && CONNECTING.has(String(error.syscall))) return true;
  return neverConnected(error.cause, depth + 1);
}
