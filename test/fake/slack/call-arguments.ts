import type { IncomingMessage } from "node:http";
import type { CallArguments } from "./faults.ts";

/** The whole body of a request. */
export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Arguments that Slack's clients write into a form as JSON; any other text is a text, whatever it looks like. */
const WRITTEN_AS_JSON = new Set(["blocks", "metadata", "files", "attachments"]);

/** What a call asks for: a form, or JSON. */
export function readArguments(body: string, contentType: string): CallArguments {
  if (contentType.startsWith("application/json")) return objectOf(body) ?? {};
  const args: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(body)) args[name] = WRITTEN_AS_JSON.has(name) ? parsed(value) : value;
  return args;
}

/** The text of an argument, or undefined. */
export function textOf(args: CallArguments, name: string): string | undefined {
  const value = args[name];
  return typeof value === "string" ? value : undefined;
}

function objectOf(json: string): CallArguments | null {
  const value = parsed(json);
  return typeof value === "object" && value !== null ? { ...value } : null;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // Refused by whoever reads the argument.
    return null;
  }
}
