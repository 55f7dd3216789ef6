import type { Readable } from "node:stream";

/** Everything a stream gives, as UTF-8; what is beyond `maxBytes` and one chunk more is not read. */
export async function readAll(stream: Readable, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    sizeBytes += bytes.length;
    if (sizeBytes > maxBytes) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}
