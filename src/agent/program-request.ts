import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Attachment } from "../message/message.ts";
import type { TurnRequest } from "./backend.ts";
import { contextOf } from "./program-context.ts";

/** How a turn is told to a program. */
export interface ProgramRequestOptions {
  /** How many of the newest messages go with it. */
  readonly historyMessages: number;
  /** Where the attachments' paths begin. */
  readonly mediaDir: string;
  /** `path` for programs of this machine, `data` (base64) for those that may be elsewhere. */
  readonly attachments: "path" | "data";
}

/** Most bytes of attachments inside one request; what does not fit is named without its content. */
const MAX_INLINE_BYTES = 8 * 1024 * 1024;

/** The one JSON object that a program gets on its input, or an endpoint as its body: docs/agents-programs.md describes it. */
export async function programRequest(request: TurnRequest, options: ProgramRequestOptions): Promise<string> {
  const attachments = await attachmentsOf(request.message.attachments, options);
  const { earlier, remembered, lines } = await contextOf(request, options.historyMessages);
  return JSON.stringify({
    session: { id: request.sessionId, key: request.sessionKey },
    attempt: request.attempt,
    model: request.model,
    context: request.prompt(),
    message: { text: request.message.text, attachments },
    earlier,
    remembered,
    history: lines.map(({ role, text, atMs }) => ({ role, text, at: new Date(atMs).toISOString() })),
  });
}

async function attachmentsOf(
  attachments: readonly Attachment[],
  options: ProgramRequestOptions,
): Promise<readonly object[]> {
  let leftBytes = MAX_INLINE_BYTES;
  const told: object[] = [];
  for (const { kind, name, mimeType, sizeBytes, path } of attachments) {
    const facts = { kind, name, mimeType, sizeBytes };
    const absolute = resolve(options.mediaDir, path);
    if (options.attachments === "path") {
      told.push({ ...facts, path: absolute });
      continue;
    }
    const data = await contentOf(absolute, leftBytes);
    leftBytes -= data?.length ?? 0;
    told.push(data === null ? facts : { ...facts, data: data.toString("base64") });
  }
  return told;
}

/** Null when it is larger than that, or gone: the message is still worth answering. */
async function contentOf(path: string, maxBytes: number): Promise<Buffer | null> {
  try {
    return (await stat(path)).size <= maxBytes ? await readFile(path) : null;
  } catch {
    return null;
  }
}
