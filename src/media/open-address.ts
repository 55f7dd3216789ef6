import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { request as httpRequest, type IncomingMessage } from "../node-http.ts";
import { DeliveryError } from "../platform/delivery-error.ts";
import { isPublicAddress, privateAddressError, publicLookup } from "./public-address.ts";

/** Enough for a file that was moved; more is a circle. */
const MAX_REDIRECTS = 3;

/** How an address is opened. */
export interface AddressOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /**
   * Whether this address, or the one a redirect leads to, may lie in a private network: where the operator wrote it, or allows all.
   * Others are refused when the socket connects, to this machine, its networks and a cloud's metadata.
   */
  readonly mayBePrivate: (at: URL) => boolean;
  /**
   * Whether to go on, headers included, where a redirect leads to. Absent: never. Where a file should be, a redirect mostly
   * leads to a page for signing in, and headers may hold a token.
   */
  readonly follow?: (to: URL) => boolean;
}

/**
 * Opens what an http or https address has, for an adapter's `fetchFile`; throws a `DeliveryError` that never names the
 * address, which may hold a token.
 *
 * `fetch` is no choice here: that of Node 24 ends the process when a server closes the connection while the reader is
 * slow (github.com/nodejs/undici/issues/5360), and a file on its way to a disk is read slowly.
 */
export async function openAddress(address: URL, options: AddressOptions): Promise<AsyncIterable<Uint8Array>> {
  let at = address;
  for (let redirects = 0; ; redirects++) {
    const response = await ask(at, options);
    if (response.statusCode === 200) return response;
    response.destroy();
    const to = redirectOf(response, at);
    if (to === null || redirects === MAX_REDIRECTS || options.follow?.(to) !== true) throw refusal(response);
    at = to;
  }
}

const guardedLookup = publicLookup();

function ask(address: URL, { headers = {}, signal, mayBePrivate }: AddressOptions): Promise<IncomingMessage> {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const request = address.protocol === "https:" ? httpsRequest : httpRequest;
    const isGuarded = !mayBePrivate(address);
    // A host that is a number is not looked up.
    const literal = address.hostname.replace(/^\[|\]$/g, "");
    if (isGuarded && isIP(literal) !== 0 && !isPublicAddress(literal)) throw privateAddressError();
    const guard = isGuarded ? { lookup: guardedLookup } : {};
    request(address, { headers, signal, ...guard }, resolve)
      .on("error", reject)
      .end();
  }).catch((cause: unknown) => {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown reason";
    throw new DeliveryError("unreachable", `the file could not be asked for: ${code}`, { certain: true, cause });
  });
}

function redirectOf({ statusCode = 0, headers }: IncomingMessage, from: URL): URL | null {
  if (statusCode < 300 || statusCode > 399 || headers.location === undefined) return null;
  const to = URL.parse(headers.location, from.href);
  return to?.protocol === "https:" || to?.protocol === "http:" ? to : null;
}

function refusal({ statusCode = 0, headers }: IncomingMessage): DeliveryError {
  const message = `the file was refused: HTTP ${statusCode}`;
  if (statusCode === 404 || statusCode === 410) return new DeliveryError("gone", message, { certain: true });
  if (statusCode === 429) {
    const seconds = Number(headers["retry-after"] ?? Number.NaN);
    const retryAfterMs = seconds >= 0 ? seconds * 1_000 : null;
    return new DeliveryError("rate_limited", message, { certain: true, retryAfterMs });
  }
  if (statusCode >= 500) return new DeliveryError("unreachable", message, { certain: true });
  return new DeliveryError("forbidden", message, { certain: true });
}
