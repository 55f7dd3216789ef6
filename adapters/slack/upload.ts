import { readFile } from "node:fs/promises";
import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { Clock } from "../../src/clock/clock.ts";
import type { Attachment, OutboundMessage } from "../../src/message/message.ts";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { deliveryErrorOf } from "./errors.ts";
import { slackMrkdwn } from "./format.ts";

/** Longest wait for a file to go up: 20 MB over a slow line. */
const UPLOAD_TIMEOUT_MS = 120_000;

const uploadTarget = z.object({ upload_url: z.url(), file_id: z.string() });

/**
 * Posts a file with its caption and returns the file's id; throws a `DeliveryError`. Nothing is seen of it before the last of the
 * three calls (docs.slack.dev/messaging/working-with-files#uploading_files): until then a failure is certain.
 */
export async function postFile(
  web: WebClient,
  message: OutboundMessage,
  file: Attachment,
  clock: Clock,
): Promise<string> {
  const fileId = await upload(web, file, clock);
  try {
    await web.apiCall("files.completeUploadExternal", {
      files: [{ id: fileId, title: file.name }],
      channel_id: message.chatId,
      ...(message.threadId === null ? {} : { thread_ts: message.threadId }),
      ...(message.text === "" ? {} : { initial_comment: slackMrkdwn(message.text) }),
    });
  } catch (error) {
    throw deliveryErrorOf(error);
  }
  return fileId;
}

/** Hands the bytes over, unseen by anyone yet; returns the file's id. */
async function upload(web: WebClient, file: Attachment, clock: Clock): Promise<string> {
  const bytes = await bytesOf(file);
  try {
    const target = uploadTarget.parse(
      await web.files.getUploadURLExternal({ filename: file.name || "file", length: bytes.byteLength }),
    );
    // The address is for this one file; it takes no token, and gets none.
    const response = await putBytes(target.upload_url, bytes, file.mimeType, clock);
    if (!response.ok) throw new Error(`the upload was answered with HTTP status ${response.status}`);
    return target.file_id;
  } catch (error) {
    const { kind, message, retryAfterMs, scope } = deliveryErrorOf(error);
    throw new DeliveryError(kind, `a file could not be handed to Slack: ${message}`, {
      certain: true,
      retryAfterMs,
      scope,
      cause: error,
    });
  }
}

async function bytesOf(file: Attachment): Promise<Buffer<ArrayBuffer>> {
  try {
    return await readFile(file.path);
  } catch (error) {
    throw new DeliveryError("gone", "the file to be posted can no longer be read", { certain: true, cause: error });
  }
}

async function putBytes(url: string, body: Buffer<ArrayBuffer>, type: string, clock: Clock): Promise<Response> {
  const tooLong = new AbortController();
  const timer = clock.setTimer(UPLOAD_TIMEOUT_MS, () => tooLong.abort());
  try {
    const headers = { "Content-Type": type };
    const response = await fetch(url, { method: "POST", body, headers, redirect: "error", signal: tooLong.signal });
    // Read to its end, the connection can be used again.
    await response.arrayBuffer();
    return response;
  } finally {
    timer.cancel();
  }
}
