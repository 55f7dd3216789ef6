import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from "@slack/web-api";
import { DeliveryError, type DeliveryFailure } from "../../src/platform/delivery-error.ts";
import { neverConnected } from "../../src/platform/never-connected.ts";

/** What Slack's own words mean for a post (docs.slack.dev/reference/methods/chat.postMessage#errors). */
const failures: ReadonlyMap<string, DeliveryFailure> = new Map([
  ...each("rate_limited", ["ratelimited", "rate_limited", "message_limit_exceeded"]),
  ...each("gone", [
    "channel_not_found",
    "is_archived",
    "thread_not_found",
    "message_not_found",
    "user_not_found",
    "cannot_reply_to_message",
  ]),
  ...each("forbidden", [
    "not_in_channel",
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    "restricted_action_non_threadable_channel",
    "restricted_action_thread_locked",
    "missing_scope",
    "no_permission",
    "access_denied",
    "ekm_access_denied",
    "team_access_not_granted",
    "not_allowed_token_type",
    "messages_tab_disabled",
    "cannot_dm_bot",
    "user_disabled",
    "cant_update_message",
    "edit_window_closed",
    "posting_to_general_channel_denied",
  ]),
  ...each("too_long", ["msg_too_long", "msg_blocks_too_long"]),
  ...each("bad_format", [
    "invalid_blocks",
    "invalid_blocks_format",
    "no_text",
    "markdown_text_conflict",
    "invalid_metadata_format",
    "invalid_metadata_schema",
    "metadata_too_large",
    "invalid_arguments",
  ]),
  ...each("unauthorized", [
    "invalid_auth",
    "not_authed",
    "token_revoked",
    "token_expired",
    "account_inactive",
    "org_login_required",
    "team_disabled",
    "user_removed_from_team",
  ]),
  ...each("unreachable", ["internal_error", "fatal_error", "service_unavailable", "request_timeout"]),
]);

/** Slack says of these that part of the call may have been done before it failed. */
const DOUBTFUL = new Set(["internal_error", "fatal_error", "service_unavailable"]);

const MISSING_RETRY_HEADER = "Retry header did not contain";

/** What an error of Slack's client means for the post that met it. */
export function deliveryErrorOf(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  if (error instanceof WebAPIRateLimitedError) return rateLimited(error.retryAfter, error);
  if (error instanceof WebAPIPlatformError) return refusal(error);
  if (error instanceof WebAPIHTTPError) {
    return new DeliveryError("unreachable", `Slack answered with HTTP status ${error.statusCode}`, {
      certain: error.statusCode >= 400 && error.statusCode < 500,
      cause: error,
    });
  }
  // The client has no error of its own for a 429 that does not say how long.
  if (error instanceof Error && error.message.startsWith(MISSING_RETRY_HEADER)) return rateLimited(null, error);
  const code = networkCodeOf(error);
  const certain = neverConnected(error instanceof WebAPIRequestError ? error.original : error);
  return new DeliveryError(
    "unreachable",
    certain ? `Slack could not be reached (${code})` : `Slack did not answer (${code ?? nameOf(error)})`,
    { certain, scope: certain ? "bot" : "chat", cause: error },
  );
}

/** Slack's word for why it refused a call; null when it was not Slack that refused, or what came was no answer of Slack's. */
export function slackErrorCode(error: unknown): string | null {
  if (!(error instanceof WebAPIPlatformError)) return null;
  // An answer that is no JSON arrives as an error, too: with the whole of it as its code.
  return /^[a-z0-9_]{1,80}$/.test(error.data.error) ? error.data.error : null;
}

function refusal(error: WebAPIPlatformError): DeliveryError {
  const code = slackErrorCode(error);
  if (code === null) {
    return new DeliveryError("unknown", "Slack's answer could not be read", { certain: false, cause: error });
  }
  const kind = failures.get(code) ?? "unknown";
  if (kind === "rate_limited") return rateLimited(error.data.response_metadata?.retryAfter ?? null, error);
  const needed = "needed" in error.data && typeof error.data.needed === "string" ? error.data.needed : null;
  const advice =
    code === "missing_scope" && needed !== null
      ? `: the app lacks the scope ${needed}; add it under OAuth & Permissions and install the app again`
      : "";
  return new DeliveryError(kind, `Slack refused (${code})${advice}`, {
    certain: !DOUBTFUL.has(code),
    scope: kind === "unauthorized" ? "bot" : "chat",
    cause: error,
  });
}

function rateLimited(retryAfterSeconds: unknown, cause: unknown): DeliveryError {
  const known = typeof retryAfterSeconds === "number" && Number.isFinite(retryAfterSeconds);
  return new DeliveryError("rate_limited", "Slack asks for fewer calls", {
    certain: true,
    retryAfterMs: known ? retryAfterSeconds * 1000 : null,
    cause,
  });
}

/** The code of the lowest error that has one: `fetch` wraps what really happened. */
function networkCodeOf(error: unknown): string | null {
  const inner = error instanceof WebAPIRequestError ? error.original : error;
  for (let at: unknown = inner, depth = 0; at instanceof Error && depth < MAX_CAUSES; at = at.cause, depth++) {
    if ("code" in at && typeof at.code === "string") return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) return networkCodeOf(at.errors[0]);
  }
  return null;
}

/** Deep enough for what `fetch` wraps, and an end to causes that go in a circle. */
const MAX_CAUSES = 5;

function nameOf(error: unknown): string {
  const inner = error instanceof WebAPIRequestError ? error.original : error;
  return inner instanceof Error ? inner.name : "no error";
}

function each(kind: DeliveryFailure, codes: readonly string[]): readonly (readonly [string, DeliveryFailure])[] {
  return codes.map((code) => [code, kind] as const);
}
