import { readFile } from "node:fs/promises";
import type { RawFile } from "discord.js";
import type { Attachment } from "../../src/message/message.ts";
import { DeliveryError } from "../../src/platform/delivery-error.ts";

/** Longest file name, in characters: what file systems take. */
const MAX_NAME_LENGTH = 200;

/** A file as discord.js posts it (`files[0]`), read whole: `MAX` sizes are the core's business. Throws a `DeliveryError`. */
export async function loadPostFile(file: Attachment): Promise<RawFile> {
  try {
    return { name: postNameOf(file), data: await readFile(file.path), contentType: file.mimeType };
  } catch (error) {
    throw new DeliveryError("bad_format", "the file to post can't be read", { certain: true, cause: error });
  }
}

/** The name a file is shown under: other people's text, cut, and without what could be a path. */
export function postNameOf(file: Attachment): string {
  const name = file.name.replace(/[/\\\p{Cc}]/gu, "_").trim();
  return [...name].slice(-MAX_NAME_LENGTH).join("") || "file";
}
