import { DiscordAPIError, HTTPError, RateLimitError, RESTJSONErrorCodes } from "discord.js";
import { DeliveryError, type DeliveryFailure } from "../../src/platform/delivery-error.ts";
import { neverConnected } from "../../src/platform/never-connected.ts";

/** What Discord says no with (discord.com/developers/docs/topics/opcodes-and-status-codes#json); the status decides for the rest. */
const KIND_OF_CODE = new Map<number, DeliveryFailure>([
  [RESTJSONErrorCodes.UnknownChannel, "gone"],
  [RESTJSONErrorCodes.UnknownGuild, "gone"],
  [RESTJSONErrorCodes.UnknownMessage, "gone"],
  [RESTJSONErrorCodes.UnknownUser, "gone"],
  [RESTJSONErrorCodes.UnknownWebhook, "gone"],
  [RESTJSONErrorCodes.MissingAccess, "forbidden"],
  [RESTJSONErrorCodes.MissingPermissions, "forbidden"],
  [RESTJSONErrorCodes.CannotSendMessagesToThisUser, "forbidden"],
  [RESTJSONErrorCodes.CannotSendMessagesToThisUserDueToHavingNoMutualGuilds, "forbidden"],
  [RESTJSONErrorCodes.InvalidActionOnArchivedThread, "forbidden"],
  [RESTJSONErrorCodes.ThreadLocked, "forbidden"],
  [RESTJSONErrorCodes.CannotSendAnEmptyMessage, "bad_format"],
  [RESTJSONErrorCodes.RequestEntityTooLarge, "too_long"],
  [RESTJSONErrorCodes.InvalidFormBodyOrContentType, "bad_format"],
]);

/** The client forgets a token that was refused, and then says this for each call. */
const NO_TOKEN = "Expected token to be set";

/** What a failed call to Discord means for a post: pure. The library's error is kept as the cause. */
export function deliveryErrorOf(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  if (error instanceof RateLimitError) return rateLimited(error);
  if (error instanceof DiscordAPIError) return saidNo(error);
  if (error instanceof HTTPError) {
    return new DeliveryError("unreachable", `Discord answered ${error.status}`, { certain: false, cause: error });
  }
  if (!(error instanceof Error)) return new DeliveryError("unknown", "Discord failed", { certain: false });
  if (error.message.startsWith(NO_TOKEN)) return unauthorized(error);
  const code = codeOf(error);
  if (neverConnected(error)) {
    const message = `Discord can't be reached (${code ?? error.message})`;
    return new DeliveryError("unreachable", message, { certain: true, scope: "bot", cause: error });
  }
  if (code !== null || error.name === "AbortError") {
    const message = `Discord did not answer (${code ?? "timeout"})`;
    return new DeliveryError("unreachable", message, { certain: false, cause: error });
  }
  const message = `Discord's answer could not be read: ${error.message}`;
  return new DeliveryError("unknown", message, { certain: false, cause: error });
}

/** Whether Discord refused the call with this code of its own. */
export function hasCode(error: unknown, ...codes: readonly number[]): boolean {
  return error instanceof DiscordAPIError && codes.some((code) => error.code === code);
}

function rateLimited(error: RateLimitError): DeliveryError {
  const waitMs = Math.ceil(error.retryAfter);
  return new DeliveryError("rate_limited", `Discord's rate limit: wait ${waitMs} ms`, {
    certain: true,
    retryAfterMs: waitMs > 0 ? waitMs : null,
    scope: error.global ? "bot" : "chat",
    cause: error,
  });
}

function saidNo(error: DiscordAPIError): DeliveryError {
  if (error.status === 401) return unauthorized(error);
  const kind = isTooLong(error) ? "too_long" : kindOf(error);
  return new DeliveryError(kind, `Discord refused: ${error.message} (${error.code})`, { certain: true, cause: error });
}

function kindOf({ code, status }: DiscordAPIError): DeliveryFailure {
  const known = KIND_OF_CODE.get(Number(code));
  if (known !== undefined) return known;
  switch (status) {
    case 403:
      return "forbidden";
    case 404:
      return "gone";
    case 413:
      return "too_long";
    case 400:
      return "bad_format";
    default:
      return "unknown";
  }
}

/** A form error of `content` names the rule that was broken, in the raw error and in the message. */
function isTooLong(error: DiscordAPIError): boolean {
  return error.code === RESTJSONErrorCodes.InvalidFormBodyOrContentType && error.message.includes("MAX_LENGTH");
}

function unauthorized(error: Error): DeliveryError {
  const message = "Discord refused the bot's token: reset it in the Developer Portal under Bot → Reset Token";
  return new DeliveryError("unauthorized", message, { certain: true, scope: "bot", cause: error });
}

function codeOf(error: Error): string | null {
  // A connection tried on several addresses fails with one error that has their errors inside.
  const errors = error instanceof AggregateError ? [error, ...error.errors] : [error];
  for (const each of errors) {
    if (each instanceof Error && "code" in each && typeof each.code === "string") return each.code;
  }
  return null;
}
