import { openAddress } from "../../src/media/open-address.ts";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { librarySignal, type TelegramClient } from "./client.ts";
import { deliveryErrorOf } from "./errors.ts";

/** Opens a file by its `file_id` (core.telegram.org/bots/api#getfile: at most 20 MB); throws a `DeliveryError`. */
export async function fetchFile(
  client: TelegramClient,
  server: { readonly apiRoot: string; readonly token: string },
  fileId: string,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const file = await client.api.getFile(fileId, librarySignal(signal)).catch((error: unknown) => {
    throw deliveryErrorOf(error);
  });
  if (file.file_path === undefined) {
    throw new DeliveryError("gone", "Telegram has this file no more", { certain: true });
  }
  const path = file.file_path.split("/").map(encodeURIComponent).join("/");
  return await openAddress(new URL(`${server.apiRoot}/file/bot${server.token}/${path}`), {
    signal,
    // The operator names this server, and nothing of the address comes from people.
    mayBePrivate: () => true,
  });
}
