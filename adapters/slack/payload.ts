import { z } from "zod";

// Slack leaves out what does not apply, and writes null in some places where it leaves out in others.
const maybeText = z.string().nullish();
const maybeFlag = z.boolean().nullish();
/** What `ts` looks like: seconds, and six digits that make it unique in its channel (docs.slack.dev/messaging/retrieving-messages). */
const timestamp = z.string().regex(/^\d+\.\d+$/);

const file = z.object({
  id: z.string(),
  name: maybeText,
  title: maybeText,
  mimetype: maybeText,
  size: z.number().nullish(),
  mode: maybeText,
  subtype: maybeText,
  url_private: maybeText,
  url_private_download: maybeText,
});

const sharedMessage = z.object({ is_share: maybeFlag, author_name: maybeText, text: maybeText });

const messageContent = z.object({
  subtype: maybeText,
  user: maybeText,
  bot_id: maybeText,
  app_id: maybeText,
  text: maybeText,
  ts: timestamp,
  thread_ts: maybeText,
  parent_user_id: maybeText,
  hidden: maybeFlag,
  files: z.array(file).nullish(),
  attachments: z.array(sharedMessage).nullish(),
});

const messageEvent = messageContent.extend({
  type: z.enum(["message", "app_mention"]),
  channel: z.string().min(1),
  channel_type: maybeText,
  message: messageContent.nullish(),
  previous_message: messageContent.nullish(),
});

const authorization = z.object({ team_id: maybeText });

const eventBody = z.object({
  type: z.literal("event_callback"),
  team_id: maybeText,
  api_app_id: maybeText,
  authorizations: z.array(authorization).nullish(),
  event: messageEvent,
});

const commandBody = z.object({
  command: z.string().min(1),
  text: maybeText,
  user_id: z.string().min(1),
  user_name: maybeText,
  channel_id: z.string().min(1),
  channel_name: maybeText,
  team_id: maybeText,
  trigger_id: z.string().min(1),
});

const pressBody = z.object({
  type: z.literal("block_actions"),
  user: z.object({ id: z.string().min(1), username: maybeText, name: maybeText }),
  team: z.object({ id: maybeText }).nullish(),
  channel: z.object({ id: z.string().min(1), name: maybeText }).nullish(),
  // What only one person sees comes without its message.
  message: z.object({ ts: timestamp, thread_ts: maybeText }).nullish(),
  container: z.object({ message_ts: timestamp.nullish(), thread_ts: maybeText, is_ephemeral: maybeFlag }).nullish(),
  actions: z.array(z.object({ type: maybeText, value: maybeText, action_ts: maybeText })).min(1),
});

/** A file of a message. */
export type SlackFile = z.output<typeof file>;
/** What is said in a message, live or from history. */
export type MessageContent = z.output<typeof messageContent>;
/** An event of type `message` or `app_mention`. */
export type MessageEvent = z.output<typeof messageEvent>;
/** A slash command (docs.slack.dev/interactivity/implementing-slash-commands). */
export type CommandBody = z.output<typeof commandBody>;
/** A pressed button (docs.slack.dev/reference/interaction-payloads/block_actions-payload). */
export type PressBody = z.output<typeof pressBody>;

/** What Slack delivered, as far as it may become a message. */
export type SlackBody =
  | {
      readonly kind: "event";
      readonly event: MessageEvent;
      readonly teamId: string | null;
      readonly appId: string | null;
    }
  | { readonly kind: "command"; readonly command: CommandBody }
  | { readonly kind: "press"; readonly press: PressBody }
  | { readonly kind: "other"; readonly why: "other_event" | "other_interaction" | "not_understood" };

const outline = z.object({ type: maybeText, command: maybeText, event: z.object({ type: z.string() }).nullish() });

/** Parses what came over the socket or over HTTP; never throws. */
export function readBody(body: unknown): SlackBody {
  const seen = outline.safeParse(body);
  if (!seen.success) return { kind: "other", why: "not_understood" };
  const { type, command, event } = seen.data;
  if (command) return taken(commandBody.safeParse(body), (read) => ({ kind: "command", command: read }));
  if (type === "block_actions") return taken(pressBody.safeParse(body), (press) => ({ kind: "press", press }));
  if (type !== "event_callback") return { kind: "other", why: "other_interaction" };
  if (event?.type !== "message" && event?.type !== "app_mention") return { kind: "other", why: "other_event" };
  return taken(eventBody.safeParse(body), (read) => ({
    kind: "event",
    event: read.event,
    teamId: read.team_id ?? read.authorizations?.[0]?.team_id ?? null,
    appId: read.api_app_id ?? null,
  }));
}

function taken<Data>(parsed: z.ZodSafeParseResult<Data>, read: (data: Data) => SlackBody): SlackBody {
  return parsed.success ? read(parsed.data) : { kind: "other", why: "not_understood" };
}
