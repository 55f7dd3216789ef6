import type { Context } from "hono";
import { z } from "zod";
import { readSessionId, type SessionId } from "../session/session-id.ts";
import { bodyText } from "./body-limit.ts";
import { RequestError } from "./request-error.ts";

/** Parses a request's JSON body; throws a `RequestError` that names every field that is wrong. */
export async function readBody<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  let json: unknown;
  try {
    json = JSON.parse(await bodyText(c));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new RequestError(400, "invalid_request", "body: expected JSON, got something else.");
  }
  return parse(schema, json);
}

/** Parses a request's query; throws a `RequestError` that names every parameter that is wrong. */
export function readQuery<T>(c: Context, schema: z.ZodType<T>): T {
  return parse(schema, c.req.query());
}

/** The session id in a path; throws a `RequestError` when it cannot be one. */
export function readIdParam(c: Context): SessionId {
  const id = readSessionId(c.req.param("id") ?? "");
  if (id === null) throw noSession();
  return id;
}

/** The answer to a session id that leads nowhere. */
export function noSession(): RequestError {
  return new RequestError(404, "not_found", "There is no such session. GET /api/sessions lists what there is.");
}

/** A whole number in a query, within limits. */
export function countText(min: number, max: number) {
  const error = `expected a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,16}$/, { error })
    .transform(Number)
    .refine((count) => count >= min && count <= max, { error });
}

/** The greatest number a cursor or a time can be. */
export const MAX_POSITION = Number.MAX_SAFE_INTEGER;

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => [...issue.path.map(String), issue.message].join(": "));
  throw new RequestError(400, "invalid_request", `${problems.join("; ")}.`);
}
