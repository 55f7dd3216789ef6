import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ContentBlock, PromptCapabilities } from "@agentclientprotocol/sdk";
import type { Attachment } from "../message/message.ts";
import type { AgentMessage, TurnRequest } from "./backend.ts";

/** What a prompt says besides the message. */
export interface AcpPromptOptions {
  /** Null when the agent knows it already. */
  readonly context: string | null;
  /** What stands for earlier messages, and what is remembered, each quoted as data; empty texts are left out. */
  readonly known: readonly string[];
  /** What was said before, when the agent's session knows nothing of it. */
  readonly history: readonly AgentMessage[];
  readonly capabilities: PromptCapabilities;
  /** Where attachments' paths begin. */
  readonly mediaDir: string;
}

/** Largest image or recording inside a prompt, in bytes; larger ones go as a link, which every agent takes. */
const MAX_INLINE_BYTES = 8 * 1024 * 1024;

/** One turn as the content of `session/prompt`. */
export async function acpPrompt(request: TurnRequest, options: AcpPromptOptions): Promise<ContentBlock[]> {
  const { context, known, history } = options;
  const before = [
    context === null ? "" : `<context>\n${context}\n</context>`,
    ...known,
    history.length === 0
      ? ""
      : `What was said in this conversation before, one message a line:\n<history>\n${history.map(historyLine).join("\n")}\n</history>`,
    request.attempt === 1
      ? ""
      : `This is attempt ${request.attempt} at this message: an earlier one was interrupted, and some of what it did may have happened.`,
  ].filter((part) => part !== "");
  const text = [...before, request.message.text].join("\n\n");
  const files = await Promise.all(request.message.attachments.map((attachment) => blockOf(attachment, options)));
  return [{ type: "text", text }, ...files];
}

/** JSON in which no message can end the frame around it. */
function historyLine({ role, text }: AgentMessage): string {
  return JSON.stringify({ role, text }).replaceAll("<", "\\u003c");
}

async function blockOf(
  { kind, mimeType, name, path, sizeBytes }: Attachment,
  { capabilities, mediaDir }: AcpPromptOptions,
): Promise<ContentBlock> {
  const absolute = resolve(mediaDir, path);
  const link: ContentBlock = {
    type: "resource_link",
    name,
    mimeType,
    size: sizeBytes,
    uri: pathToFileURL(absolute).href,
  };
  const type = kind === "image" && capabilities.image ? "image" : null;
  const sound = (kind === "audio" || kind === "voice") && capabilities.audio ? "audio" : null;
  const inline = type ?? sound;
  if (inline === null) return link;
  try {
    if ((await stat(absolute)).size > MAX_INLINE_BYTES) return link;
    return { type: inline, mimeType, data: (await readFile(absolute)).toString("base64") };
  } catch {
    return link; // gone: its name is still worth telling
  }
}
