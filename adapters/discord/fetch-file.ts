import { openAddress } from "../../src/media/open-address.ts";
import type { PrivateAddresses } from "../../src/media/public-address.ts";

/** Where Discord keeps attachments (discord.com/developers/docs/reference#image-formatting). */
const CDN_HOSTS = new Set(["cdn.discordapp.com", "media.discordapp.net"]);

/**
 * Opens an attachment for reading. Only Discord's own hosts are asked, or the host of `apiUrl` where that is another one: the address
 * comes from a message, and must not reach what only this machine can reach. Throws when it is gone.
 */
export async function fetchFile(
  reference: string,
  signal: AbortSignal,
  { apiUrl, privateAddresses }: { readonly apiUrl: string; readonly privateAddresses: PrivateAddresses },
): Promise<AsyncIterable<Uint8Array>> {
  const url = URL.parse(reference);
  const api = new URL(apiUrl);
  const isOfCdn = url?.protocol === "https:" && CDN_HOSTS.has(url.host);
  const isOfApi = api.host !== "discord.com" && url?.host === api.host && url.protocol === api.protocol;
  if (url === null || !(isOfCdn || isOfApi)) throw new Error("an attachment's address is none of Discord's");
  return await openAddress(url, { signal, mayBePrivate: () => isOfApi || privateAddresses === "allow" });
}
