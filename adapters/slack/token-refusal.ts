import { slackErrorCode } from "./errors.ts";

/** What Slack says to a token that will not do until an operator has changed something. */
const REFUSALS = new Set([
  "invalid_auth",
  "not_authed",
  "not_allowed_token_type",
  "token_revoked",
  "token_expired",
  "account_inactive",
  "missing_scope",
  "no_permission",
  "team_disabled",
  "org_login_required",
  "user_removed_from_team",
]);

/** Where a token comes from. */
export type TokenKind = "botToken" | "appToken";

const advice: Readonly<Record<TokenKind, string>> = {
  botToken: 'a bot token ("xoxb-…"): find it at api.slack.com/apps under OAuth & Permissions → Bot User OAuth Token',
  appToken:
    'an app-level token ("xapp-…") with the scope connections:write: create one at api.slack.com/apps under Basic Information → App-Level Tokens, and switch Socket Mode on',
};

/** What an operator has to know when Slack refuses a token; null when the error says nothing about the token. */
export function tokenRefusal(error: unknown, token: TokenKind, account: string): string | null {
  const code = slackErrorCode(error);
  if (code === null || !REFUSALS.has(code)) return null;
  const whose = account === "default" ? "" : ` of the account "${account}"`;
  return `platforms.slack.${token}${whose}: Slack refused it (${code}). Expected ${advice[token]}.`;
}
