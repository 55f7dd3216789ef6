import { MessageFlags } from "discord.js";
import type { AttachmentKind, AttachmentReference } from "../../src/message/message.ts";
import type { AttachmentPayload, SaidPayload } from "./payload.ts";

/** The files of a message, to be fetched by their address. */
export function readAttachments(said: SaidPayload): readonly AttachmentReference[] {
  const isVoice = ((said.flags ?? 0) & MessageFlags.IsVoiceMessage) !== 0;
  return (said.attachments ?? []).map((attachment) => {
    const mimeType = attachment.content_type?.split(";")[0]?.trim() || "application/octet-stream";
    return {
      kind: kindOf(mimeType, isVoice, attachment),
      mimeType,
      sizeBytes: attachment.size ?? null,
      name: attachment.filename,
      reference: attachment.url,
    };
  });
}

function kindOf(mimeType: string, isVoice: boolean, { waveform }: AttachmentPayload): AttachmentKind {
  if (isVoice || waveform) return "voice";
  const family = mimeType.split("/")[0];
  return family === "image" || family === "audio" || family === "video" ? family : "file";
}
