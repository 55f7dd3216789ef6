import { type Logger, LogLevel } from "@slack/web-api";

/**
 * A logger for Slack's libraries that says nothing: whatever they would log reaches us as an error or an event, and we say it in
 * our own words, without tokens.
 */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  setName() {},
  getLevel: () => LogLevel.ERROR,
};
