import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import { openAddress } from "../../src/media/open-address.ts";
import type { PrivateAddresses } from "../../src/media/public-address.ts";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { FILE_ID_PREFIX } from "./read-files.ts";

const fileInfo = z.object({
  file: z.object({ url_private: z.string().nullish(), url_private_download: z.string().nullish() }),
});

/**
 * Opens a file of a message for reading; throws when it is gone or not ours to read. The bot's token goes to Slack's hosts and to
 * `apiUrl`'s own, to no other, wherever a reference or a redirection points.
 */
export async function openFile(
  web: WebClient,
  reference: string,
  options: {
    readonly botToken: string;
    readonly apiUrl: string;
    readonly signal: AbortSignal;
    readonly privateAddresses: PrivateAddresses;
  },
): Promise<AsyncIterable<Uint8Array>> {
  const address = await addressOf(web, reference);
  if (!mayHaveToken(address, options.apiUrl)) throw new Error("a file lies outside Slack and is not fetched");
  let isRefused = false;
  try {
    return await openAddress(address, {
      headers: { Authorization: `Bearer ${options.botToken}` },
      signal: options.signal,
      mayBePrivate: (at) => options.privateAddresses === "allow" || at.origin === new URL(options.apiUrl).origin,
      follow(to) {
        // Slack sends whoever may not read a file to its page for signing in.
        isRefused = to.searchParams.has("redir");
        return !isRefused && mayHaveToken(to, options.apiUrl);
      },
    });
  } catch (cause) {
    if (!isRefused) throw cause;
    const message = "Slack does not show a file to the bot: the app lacks the scope files:read";
    throw new DeliveryError("forbidden", message, { certain: true, cause });
  }
}

async function addressOf(web: WebClient, reference: string): Promise<URL> {
  if (!reference.startsWith(FILE_ID_PREFIX)) return new URL(reference);
  const { file } = fileInfo.parse(await web.files.info({ file: reference.slice(FILE_ID_PREFIX.length) }));
  const address = file.url_private_download ?? file.url_private;
  if (!address) throw new Error("Slack has no address for a file");
  return new URL(address);
}

function mayHaveToken(address: URL, apiUrl: string): boolean {
  if (address.origin === new URL(apiUrl).origin) return true;
  return address.protocol === "https:" && (address.hostname === "slack.com" || address.hostname.endsWith(".slack.com"));
}
