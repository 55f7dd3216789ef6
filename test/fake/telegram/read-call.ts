import type { IncomingMessage } from "node:http";

/** A file that came with a call. */
export interface SentFile {
  readonly name: string;
  readonly data: Buffer;
}

/** The parameters of a call: as JSON they have types, as a form they are text. */
export interface Call {
  readonly fields: Readonly<Record<string, unknown>>;
  /** By the name they are referred to with `attach://`. */
  readonly files: ReadonlyMap<string, SentFile>;
}

const NO_FILES: ReadonlyMap<string, SentFile> = new Map();

/** Reads a request to its end. */
export async function readCall(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const boundary = /boundary=(.+)$/.exec(request.headers["content-type"] ?? "")?.[1];
  if (boundary !== undefined) return readForm(body, boundary);
  const fields: unknown = body.length === 0 ? {} : JSON.parse(body.toString("utf8"));
  return { fields: isRecord(fields) ? fields : {}, files: NO_FILES };
}

/** A parameter that is an object, in either form; null when there is none. */
export function objectField(call: Call, name: string): Readonly<Record<string, unknown>> | null {
  const value = call.fields[name];
  const parsed: unknown = typeof value === "string" ? JSON.parse(value) : value;
  return isRecord(parsed) ? parsed : null;
}

/** A parameter as text; null when there is none. */
export function textField(call: Call, name: string): string | null {
  const value = call.fields[name];
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Whether something is an object with fields. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function readForm(body: Buffer, boundary: string): Call {
  const fields: Record<string, unknown> = {};
  const files = new Map<string, SentFile>();
  const mark = Buffer.from(`--${boundary}`);
  for (let at = body.indexOf(mark); at !== -1; ) {
    const start = at + mark.length + 2;
    const next = body.indexOf(mark, start);
    if (next === -1) break;
    const headEnd = body.indexOf("\r\n\r\n", start);
    const head = body.subarray(start, headEnd).toString("utf8");
    const data = body.subarray(headEnd + 4, next - 2);
    const name = /name="([^"]*)"/.exec(head)?.[1] ?? "";
    const fileName = /filename=([^\r\n]*)/.exec(head)?.[1];
    if (fileName === undefined) fields[name] = data.toString("utf8");
    else files.set(name, { name: fileName, data });
    at = next;
  }
  return { fields, files };
}
