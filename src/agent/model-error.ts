import { z } from "zod";
import { FirstByteTimeout } from "./first-byte-timeout.ts";

/** What is known of why a call of a model failed, whatever the library's error looks like. */
export interface ModelError {
  /** HTTP status, 300 to 599; null when there was none, or the failure came after a good one. */
  readonly status: number | null;
  /** The provider's error code and type, lower case; empty when it gave none. */
  readonly code: string;
  /** What the provider, or the library, says: other people's text. */
  readonly text: string;
  /** How long the provider asks to wait. */
  readonly retryAfterMs: number | null;
  /** Node's code for a failed connection, such as `ECONNREFUSED`. */
  readonly network: string | null;
  readonly isFirstByteTimeout: boolean;
}

/** Deepest chain of causes that is followed. */
const MAX_CAUSES = 8;
/** Largest error body that is parsed, in UTF-16 units; a proxy's page of HTML is cut. */
const MAX_BODY_LENGTH = 64 * 1024;

const text = z.string().optional().catch(undefined);
const code = z.union([z.string(), z.number()]).transform(String).optional().catch(undefined);
const details = z.object({ message: text, type: text, code });
/** The shapes of OpenAI, Anthropic, vLLM (`message` at the top), Ollama and LM Studio (`error` is a text). */
const errorBody = z.object({
  error: z.union([z.string(), details]).optional().catch(undefined),
  message: text,
  detail: text,
  type: text,
  code,
});
const libraryError = z.object({
  message: text,
  statusCode: z.int().min(300).max(599).optional().catch(undefined),
  responseHeaders: z.record(z.string(), z.string()).optional().catch(undefined),
  responseBody: text,
  /** What an error inside a stream carried. */
  data: z.unknown().optional(),
  /** What a chunk of a stream was, when it is of no known shape. */
  value: z.unknown().optional(),
  type: text,
  code,
  cause: z.unknown().optional(),
});

/** Reads an error of the AI SDK, of `fetch`, or a text; `nowMs` (since 1970 UTC) is what a date in Retry-After counts from. */
export function readModelError(error: unknown, nowMs: number): ModelError {
  const chain = causes(error);
  const parsed = chain.flatMap((cause) => libraryError.safeParse(cause).data ?? []);
  const body = parsed.map(bodyOf).find((found) => found !== null) ?? null;
  const codes = [body?.codes ?? "", ...parsed.map(({ type, code: own }) => `${type ?? ""} ${own ?? ""}`)];
  return {
    status: parsed.find(({ statusCode }) => statusCode !== undefined)?.statusCode ?? null,
    code: codes.join(" ").trim().replace(/ +/g, " ").toLowerCase(),
    text:
      body?.message ?? parsed.map(({ message }) => message ?? "").find((message) => message !== "") ?? String(error),
    retryAfterMs:
      parsed.map(({ responseHeaders }) => retryAfterMs(responseHeaders ?? {}, nowMs)).find((ms) => ms !== null) ?? null,
    network: chain.map(networkCode).find((found) => found !== null) ?? null,
    isFirstByteTimeout: chain.some((cause) => cause instanceof FirstByteTimeout),
  };
}

function causes(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let at = error; at !== undefined && at !== null && chain.length < MAX_CAUSES; ) {
    chain.push(at);
    at = at instanceof Error ? at.cause : undefined;
  }
  return chain;
}

function bodyOf(error: z.output<typeof libraryError>): { readonly message: string; readonly codes: string } | null {
  const raw = error.responseBody?.slice(0, MAX_BODY_LENGTH).trim() ?? "";
  const body = errorBody.safeParse(raw === "" ? (error.data ?? error.value) : jsonOf(raw)).data;
  if (body === undefined) return raw === "" ? null : { message: raw, codes: "" };
  const inner = typeof body.error === "object" ? body.error : {};
  const message = typeof body.error === "string" ? body.error : (inner.message ?? body.message ?? body.detail ?? raw);
  const codes = [inner.code, inner.type, body.code, body.type].filter((found) => found !== undefined).join(" ");
  return message === "" ? null : { message, codes };
}

function jsonOf(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined; // a proxy's page, not the API's answer: it is shown as it is
  }
}

function retryAfterMs(headers: Readonly<Record<string, string>>, nowMs: number): number | null {
  const inMs = headers["retry-after-ms"];
  if (inMs !== undefined && /^\d+(\.\d+)?$/.test(inMs)) return Number(inMs);
  const value = headers["retry-after"];
  if (value === undefined) return null;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1_000;
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}

function networkCode(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return null;
  return /^(E[A-Z_]+|UND_ERR_[A-Z_]+|CERT_[A-Z_]+|[A-Z_]*CERT[A-Z_]*)$/.test(error.code) ? error.code : null;
}
