import { type LookupAddress, lookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

/** What no address on the Internet is (iana.org/assignments/iana-ipv4-special-registry): this machine, its networks, a cloud's metadata, nobody. */
const PRIVATE_IPV4: readonly (readonly [network: string, prefix: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];
/** The same of IPv6 (iana.org/assignments/iana-ipv6-special-registry), with the tunnels that hide an IPv4 address. */
const PRIVATE_IPV6: readonly (readonly [network: string, prefix: number])[] = [
  ["::", 127],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
  ["5f00::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
];
/** An IPv4 address in these follows as the last 32 bits: as such (`::`, long out of use), mapped, and by NAT64, which has to work. */
const EMBEDDING: readonly string[] = ["::", "::ffff:", "64:ff9b::"];
const EMBEDDED_AT = 96;

const privateAddresses = new BlockList();
for (const [network, prefix] of PRIVATE_IPV4) {
  privateAddresses.addSubnet(network, prefix, "ipv4");
  for (const before of EMBEDDING) privateAddresses.addSubnet(`${before}${network}`, EMBEDDED_AT + prefix, "ipv6");
}
for (const [network, prefix] of PRIVATE_IPV6) privateAddresses.addSubnet(network, prefix, "ipv6");

/** Whether an IP address is one of the Internet; false for whatever is none. An IPv6 zone (`fe80::1%eth0`) may follow. */
export function isPublicAddress(address: string): boolean {
  const [withoutZone = ""] = address.split("%");
  const family = isIP(withoutZone);
  return family !== 0 && !privateAddresses.check(withoutZone, family === 6 ? "ipv6" : "ipv4");
}

/** Whether files of messages may lie in private networks: `limits.privateAddresses`. */
export type PrivateAddresses = "deny" | "allow";

/** The code of the error with which a private address is refused. */
export const PRIVATE_ADDRESS = "PRIVATE_ADDRESS";

/** The error with which a private address is refused; it names neither the address nor the host, which may be people's words. */
export function privateAddressError(): Error {
  return Object.assign(new Error("the address leads into a private network, where no attachment is"), {
    code: PRIVATE_ADDRESS,
  });
}

/** Finds all addresses of a name, as `node:dns` does. */
export type ResolveAll = (
  name: string,
  options: { readonly all: true },
  found: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A `lookup` for sockets that fails for a name with any private address. What it found is what the socket connects to: a
 * name that points elsewhere a moment later (DNS rebinding) gains nothing. Addresses that are no names never come here:
 * `isPublicAddress` judges those.
 */
export function publicLookup(resolveAll: ResolveAll = lookup): LookupFunction {
  return (name, options, found) => {
    resolveAll(name, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) found(error ?? new Error("a name without an address"), "", 0);
      else if (!addresses.every(({ address }) => isPublicAddress(address))) found(privateAddressError(), "", 0);
      else if (options.all === true) found(null, addresses);
      else found(null, first.address, first.family);
    });
  };
}
