/** What a log line says about an error: only this, never other properties, where SDKs keep request bodies and headers. */
export interface ErrorFields {
  readonly type: string;
  readonly message: string;
  /** `ENOSPC`, `SQLITE_CORRUPT`, …; absent when the error carries none. */
  readonly code?: string | number;
  /** As the engine wrote it, the message included. */
  readonly stack?: string;
  readonly cause?: ErrorFields;
  /** The parts of an AggregateError: one connection attempt each, for example. */
  readonly errors?: readonly ErrorFields[];
}

/** Causes told after the first error; a longer chain is a loop or of no more use. */
const MAX_CAUSES = 8;
/** Parts told of an AggregateError. */
const MAX_PARTS = 4;
/** Longest message or stack told, in UTF-16 units: some libraries put a whole response into the message. */
const MAX_TEXT_LENGTH = 8192;

/** Describes whatever was thrown, with its chain of causes. */
export function errorFields(thrown: unknown, depth = 0): ErrorFields {
  if (!(thrown instanceof Error))
    return { type: thrown === null ? "null" : typeof thrown, message: cut(asText(thrown)) };
  const code = "code" in thrown ? thrown.code : undefined;
  const told = depth < MAX_CAUSES;
  return {
    type: thrown.name,
    message: cut(thrown.message),
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    ...(thrown.stack === undefined ? {} : { stack: cut(thrown.stack) }),
    ...(told && thrown.cause !== undefined ? { cause: errorFields(thrown.cause, depth + 1) } : {}),
    ...(told && thrown instanceof AggregateError
      ? { errors: thrown.errors.slice(0, MAX_PARTS).map((part) => errorFields(part, depth + 1)) }
      : {}),
  };
}

function asText(thrown: unknown): string {
  // Objects are not dumped: nobody knows what a library threw, and it may hold what people wrote.
  return typeof thrown === "object" && thrown !== null ? Object.prototype.toString.call(thrown) : String(thrown);
}

function cut(text: string): string {
  return text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}…` : text;
}
