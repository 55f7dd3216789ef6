import pino from "pino";
import { type Clock, systemClock } from "../clock/clock.ts";
import { errorFields } from "./error-fields.ts";
import { type LogSink, openProcessSink } from "./log-sink.ts";
import { mapStrings } from "./map-strings.ts";
import { MASK, type SecretMask, secretMask } from "./mask-secrets.ts";
import { type LogRecord, loadPrettyRecord } from "./pretty-record.ts";
import { visibleJson } from "./visible-text.ts";

/** Facts of one log line: ids, names of platforms, counts, durations; never message text. What was thrown goes under `error`. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Least severe level that is written; `silent` writes nothing. */
export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/** Writes structured lines: the fields vary, the message of one place never does. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** A log whose every line also carries `fields`. */
  child(fields: LogFields): Log;
  /** Resolves when every line so far has left the process; a reader that has stalled holds it up, so give it a limit. */
  flush(): Promise<void>;
}

/** How a log is to be written. */
export interface LogOptions {
  readonly level: LogLevel;
  /** `auto` is pretty for a person at a terminal and JSON, one object a line, for everything else. */
  readonly format: "auto" | "pretty" | "json";
  /** The daemon logs to `stdout`; a command's output is not its log, so commands log to `stderr`. */
  readonly destination: "stdout" | "stderr" | LogSink;
  /** Values that must appear nowhere, whatever the field: tokens and keys from the configuration. */
  readonly secrets?: readonly string[];
  /** Colours of the pretty form; by default on a terminal, unless NO_COLOR is set. */
  readonly color?: boolean;
  readonly clock?: Clock;
}

/** Fields that hold secrets whatever their value; a second guard behind `secrets`, for tokens nobody listed. */
const SECRET_FIELDS = ["token", "botToken", "appToken", "apiKey", "password", "secret", "authorization", "cookie"];

/** A log that writes nothing. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
  flush: () => Promise.resolve(),
};

/** Opens a log; the pretty form loads its formatter first, hence the promise. */
export async function openLog(options: LogOptions): Promise<Log> {
  const { level, clock = systemClock } = options;
  const sink = typeof options.destination === "string" ? openProcessSink(options.destination) : options.destination;
  const isPretty = options.format === "pretty" || (options.format === "auto" && sink.isTerminal === true);
  const color = options.color ?? (sink.isTerminal === true && (process.env.NO_COLOR ?? "") === "");
  const mask = secretMask(options.secrets ?? []);
  const render = isPretty ? prettyLine(await loadPrettyRecord(color), mask) : jsonLine(mask);
  const logger = pino(
    {
      level,
      base: null,
      errorKey: "error",
      serializers: { error: errorFields, err: errorFields },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: () => `,"time":"${new Date(clock.nowMs()).toISOString()}"`,
      redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: MASK },
    },
    { write: (line: string) => sink.write(render(line)) },
  );
  return logOver(logger, () => sink.flush?.() ?? Promise.resolve());
}

function logOver(logger: pino.Logger, flush: () => Promise<void>): Log {
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    child: (fields) => logOver(logger.child(fields), flush),
    flush,
  };
}

function jsonLine(mask: SecretMask): (line: string) => string {
  return (line) => `${visibleJson(maskedLine(line, mask).trimEnd())}\n`;
}

function prettyLine(pretty: (record: LogRecord) => string, mask: SecretMask): (line: string) => string {
  return (line) => pretty(JSON.parse(maskedLine(line, mask)));
}

// The finished record is masked, because there nothing is left out: nested fields, causes, stacks, the message.
function maskedLine(line: string, mask: SecretMask): string {
  return mask.occursIn(line) ? JSON.stringify(mapStrings(JSON.parse(line), mask.hide)) : line;
}
