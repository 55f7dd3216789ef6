import { isIP } from "node:net";

/** Which names this server answers to. */
export interface ServedHosts {
  /** The address it listens on. */
  readonly host: string;
  /** Further names, as a reverse proxy passes them on; without a port. */
  readonly allowedHosts: readonly string[];
}

const hostHeader = /^(?<name>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?$/i;

/**
 * Whether a request's Host names this server. A page elsewhere can make its own name point to 127.0.0.1 (DNS rebinding) and read
 * what a loopback server says; its requests then carry that name. The port says nothing about that and is not looked at: tunnels change it.
 */
export function isTrustedHost(header: string | undefined, served: ServedHosts): boolean {
  const name = hostNameOf(header);
  if (name === null) return false;
  if (isLoopback(name) || name === unbracketed(served.host)) return true;
  // A number is no name that somebody could point elsewhere; behind "any address" we don't know which ones are ours.
  if (isWildcard(served.host) && isIP(name) !== 0) return true;
  return served.allowedHosts.some((allowed) => name === unbracketed(allowed));
}

/** Whether only this machine can reach a server under this name or address. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** The host of a URL to an address: IPv6 in brackets, and this machine's own address where the server listens on all. */
export function urlHost(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return isIP(host) === 6 ? `[${host}]` : host;
}

function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

function hostNameOf(header: string | undefined): string | null {
  const name = hostHeader.exec(header ?? "")?.groups?.name;
  return name === undefined ? null : unbracketed(name);
}

function unbracketed(name: string): string {
  return name
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "");
}
