import { stat } from "node:fs/promises";
import { type Api, GrammyError, InputFile } from "grammy";
import type { Attachment, OutboundMessage } from "../../src/message/message.ts";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import type { TelegramClient } from "./client.ts";
import { deliveryErrorOf } from "./errors.ts";
import { telegramHtml, telegramPlain } from "./format.ts";
import { htmlTextLength } from "./render-html.ts";
import { sendText, withMarkup } from "./send.ts";
import { sendParameters } from "./target.ts";

/** Longest text under a file, after entity parsing (core.telegram.org/bots/api#senddocument). */
const MAX_CAPTION_LENGTH = 1_024;
/** Largest photo (core.telegram.org/bots/api#sendphoto); larger ones go out as files. */
const MAX_PHOTO_BYTES = 10 * 1024 * 1024;
/** Posts remembered whose file is out and whose text is not; a repetition starts with the text then. */
const MAX_HALF_DONE = 100;

type Way = "photo" | "animation" | "voice" | "audio" | "video" | "document";
type Parameters = ReturnType<typeof sendParameters> & { caption?: string; parse_mode?: "HTML" };

const calls: Readonly<
  Record<Way, (api: Api, chatId: string, file: InputFile, other: Parameters) => Promise<{ message_id: number }>>
> = {
  photo: (api, chatId, file, other) => api.sendPhoto(chatId, file, other),
  animation: (api, chatId, file, other) => api.sendAnimation(chatId, file, other),
  voice: (api, chatId, file, other) => api.sendVoice(chatId, file, other),
  audio: (api, chatId, file, other) => api.sendAudio(chatId, file, other),
  video: (api, chatId, file, other) => api.sendVideo(chatId, file, other),
  document: (api, chatId, file, other) => api.sendDocument(chatId, file, other),
};

/** What Telegram shows rather than only offers (core.telegram.org/bots/api#sending-files). */
const ways: Readonly<Record<string, Way>> = {
  "image/jpeg": "photo",
  "image/png": "photo",
  "image/webp": "photo",
  "image/gif": "animation",
  "video/mp4": "video",
  "audio/mpeg": "audio",
  "audio/mp4": "audio",
  "audio/x-m4a": "audio",
};
const VOICE_TYPES = new Set(["audio/ogg", "audio/opus", "audio/mpeg", "audio/mp4", "audio/x-m4a"]);

/** Posts files; resolves with the post's id. Throws what grammy throws, or a `DeliveryError`. */
export type SendFile = (message: OutboundMessage, file: Attachment) => Promise<string>;

/** Makes the function that posts files. */
export function openSendFile(client: TelegramClient): SendFile {
  const halfDone = new Set<number>();
  return async (message, file) => {
    const { outboxId, text } = message;
    if (htmlTextLength(telegramHtml(text)) <= MAX_CAPTION_LENGTH) return await sendCaptioned(client, message, file);
    if (!halfDone.has(outboxId)) {
      await sendCaptioned(client, { ...message, text: "", buttons: [] }, file);
      halfDone.add(outboxId);
      const [oldest] = halfDone;
      if (halfDone.size > MAX_HALF_DONE && oldest !== undefined) halfDone.delete(oldest);
    }
    const postId = await sendText(client, message);
    halfDone.delete(outboxId);
    return postId;
  };
}

async function sendCaptioned(client: TelegramClient, message: OutboundMessage, file: Attachment): Promise<string> {
  const size = await stat(file.path).catch((cause: unknown) => {
    throw new DeliveryError("gone", "the file to send is not there any more", { certain: true, cause });
  });
  const way = wayOf(file, size.size);
  try {
    return await sendAs(client, way, message, file);
  } catch (error) {
    if (way === "document" || !isFileRefused(error)) throw error;
    return await sendAs(client, "document", message, file);
  }
}

async function sendAs(client: TelegramClient, way: Way, message: OutboundMessage, file: Attachment): Promise<string> {
  const { chatId, text } = message;
  const parameters = sendParameters(message);
  const name = nameOf(file);
  const post = (caption: Pick<Parameters, "caption" | "parse_mode">) =>
    calls[way](client.uploadApi, chatId, new InputFile(file.path, name), { ...parameters, ...caption });
  const posted = await (text === ""
    ? post({})
    : withMarkup(
        () => post({ caption: telegramHtml(text), parse_mode: "HTML" }),
        () => post({ caption: telegramPlain(text) }),
      ));
  return String(posted.message_id);
}

function wayOf({ kind, mimeType }: Attachment, sizeBytes: number): Way {
  if (kind === "voice" && VOICE_TYPES.has(mimeType)) return "voice";
  const way = ways[mimeType] ?? "document";
  return way === "photo" && sizeBytes > MAX_PHOTO_BYTES ? "document" : way;
}

/** A picture of odd proportions, a voice message to somebody who takes none: as a file it still gets there. */
function isFileRefused(error: unknown): boolean {
  return error instanceof GrammyError && error.error_code === 400 && deliveryErrorOf(error).kind === "bad_format";
}

/** The name as grammy can write it into a multipart header, where it stands without quotes. */
function nameOf({ name }: Attachment): string {
  return name.replace(/[\p{Cc}";\\/]/gu, "_");
}
