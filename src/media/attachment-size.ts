const MB = 1024 * 1024;

/** Largest file that is fetched or sent, in bytes: what Telegram's `getFile` hands over at most (core.telegram.org/bots/api#getfile). */
export const MAX_ATTACHMENT_BYTES = 20 * MB;

/** A size for people: `20 MB`, `1.5 MB`, `512 bytes`. */
export function sizeText(sizeBytes: number): string {
  return sizeBytes >= MB ? `${Math.floor((sizeBytes * 10) / MB) / 10} MB` : `${sizeBytes} bytes`;
}
