import type { FakeBot } from "./web-api.ts";

/** What Slack writes around an event (docs.slack.dev/apis/events-api#callback-field). */
export function eventBody(
  bot: FakeBot,
  event: Readonly<Record<string, unknown>>,
  eventId: string,
): Record<string, unknown> {
  return {
    token: "legacy",
    team_id: bot.teamId,
    context_team_id: bot.teamId,
    api_app_id: bot.appId,
    event,
    type: "event_callback",
    event_id: eventId,
    event_time: Math.floor(Number(event.event_ts ?? event.ts ?? 0)),
    authorizations: [
      { enterprise_id: null, team_id: bot.teamId, user_id: bot.userId, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
    event_context: "4-x",
  };
}

/** A slash command, as a form or over the socket. */
export function commandBody(
  bot: FakeBot,
  command: {
    readonly command: string;
    readonly text: string;
    readonly user: string;
    readonly channel: string;
    readonly channelName: string;
    readonly triggerId: string;
  },
): Record<string, string> {
  return {
    token: "legacy",
    team_id: bot.teamId,
    team_domain: "fake",
    channel_id: command.channel,
    channel_name: command.channelName,
    user_id: command.user,
    user_name: command.user.toLowerCase(),
    command: command.command,
    text: command.text,
    api_app_id: bot.appId,
    is_enterprise_install: "false",
    response_url: "https://hooks.slack.com/commands/none",
    trigger_id: command.triggerId,
  };
}

/** A pressed button under a post. */
export function pressBody(
  bot: FakeBot,
  press: {
    readonly user: string;
    readonly channel: string;
    readonly channelName: string;
    readonly messageTs: string;
    readonly threadTs: string | null;
    readonly value: string;
    readonly actionTs: string;
    /** Only its presser sees the post: the call does not carry it then. */
    readonly isEphemeral?: boolean;
  },
): Record<string, unknown> {
  const isEphemeral = press.isEphemeral ?? false;
  const message = { type: "message", user: bot.userId, bot_id: bot.botId, ts: press.messageTs, text: "" };
  const thread = press.threadTs === null ? {} : { thread_ts: press.threadTs };
  return {
    type: "block_actions",
    team: { id: bot.teamId, domain: "fake" },
    user: { id: press.user, username: press.user.toLowerCase(), name: press.user.toLowerCase(), team_id: bot.teamId },
    api_app_id: bot.appId,
    token: "legacy",
    container: {
      type: "message",
      message_ts: press.messageTs,
      channel_id: press.channel,
      is_ephemeral: isEphemeral,
      ...thread,
    },
    trigger_id: `trigger-${press.actionTs}`,
    channel: { id: press.channel, name: press.channelName },
    ...(isEphemeral ? {} : { message: { ...message, ...thread } }),
    response_url: "https://hooks.slack.com/actions/none",
    actions: [{ type: "button", action_id: "parley-0", block_id: "b", value: press.value, action_ts: press.actionTs }],
  };
}
