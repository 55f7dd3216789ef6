import { textOf } from "./call-arguments.ts";
import type { CallArguments } from "./faults.ts";
import { type FakeBlock, type FakeMetadata, readPost } from "./post-rules.ts";
import type { FakeMessage, FakeWorkspace } from "./workspace.ts";

/** One answer of the Web API; `ok: false` with an `error` is a refusal. */
export type ApiAnswer = { readonly ok: boolean } & Readonly<Record<string, unknown>>;

/** Something the bot posted. */
export interface FakePost {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | null;
  /** As it was posted; what later edits made of it is in the history. */
  readonly text: string;
  readonly blocks: readonly FakeBlock[] | null;
  readonly metadata: FakeMetadata | null;
  readonly atMs: number;
}

/** Something the bot showed to one person. */
export interface FakeEphemeral {
  readonly channel: string;
  readonly user: string;
  readonly ts: string;
  readonly threadTs: string | null;
  readonly text: string;
  readonly blocks: readonly FakeBlock[] | null;
  /** Slack shows it in a thread only where somebody has replied already (docs.slack.dev/reference/methods/chat.postEphemeral). */
  readonly isShown: boolean;
}

/** Who the bot is. */
export interface FakeBot {
  readonly userId: string;
  readonly botId: string;
  readonly appId: string;
  readonly teamId: string;
  readonly name: string;
}

/** What the methods share. */
export interface ApiState {
  readonly workspace: FakeWorkspace;
  readonly bot: FakeBot;
  readonly posts: FakePost[];
  readonly ephemerals: FakeEphemeral[];
  readonly edits: { readonly channel: string; readonly ts: string; readonly text: string; readonly atMs: number }[];
  readonly statuses: { readonly channel: string; readonly threadTs: string; readonly status: string }[];
  /** Called with each message that the bot posted. */
  posted(channelId: string, message: FakeMessage): void;
}

type Method = (args: CallArguments, state: ApiState) => ApiAnswer;

const OK: ApiAnswer = { ok: true };

const userGroup: Method = (args, { workspace }) => {
  const users = workspace.userGroups.get(textOf(args, "usergroup") ?? "");
  return users === undefined ? refusal("no_such_subteam") : { ok: true, users };
};

const authTest: Method = (_, { bot }) => ({
  ok: true,
  url: "https://fake.slack.com/",
  team: "Fake",
  user: bot.name,
  team_id: bot.teamId,
  user_id: bot.userId,
  bot_id: bot.botId,
});

const postMessage: Method = (args, state) => {
  const { workspace, bot } = state;
  const channelId = textOf(args, "channel") ?? "";
  const channel = workspace.channels.get(channelId);
  if (channel === undefined) return refusal("channel_not_found");
  if (channel.isArchived) return refusal("is_archived");
  if (channel.isMember === false) return refusal("not_in_channel");
  const content = readPost(args);
  if (typeof content === "string") return refusal(content);
  const threadTs = textOf(args, "thread_ts");
  if (threadTs !== undefined && workspace.find(channelId, threadTs) === undefined) return refusal("thread_not_found");
  const message = workspace.add(channelId, {
    user: bot.userId,
    bot_id: bot.botId,
    app_id: bot.appId,
    text: content.text,
    ...(content.blocks === null ? {} : { blocks: content.blocks }),
    ...(content.metadata === null ? {} : { metadata: content.metadata }),
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
  });
  state.posts.push({
    channel: channelId,
    ts: message.ts,
    threadTs: threadTs ?? null,
    ...content,
    atMs: performance.now(),
  });
  state.posted(channelId, message);
  return { ok: true, channel: channelId, ts: message.ts, message: shown(message, false) };
};

const postEphemeral: Method = (args, { workspace, ephemerals }) => {
  const channel = textOf(args, "channel") ?? "";
  const user = textOf(args, "user") ?? "";
  if (!workspace.channels.has(channel)) return refusal("channel_not_found");
  if (!workspace.users.has(user)) return refusal("user_not_in_channel");
  const content = readPost(args);
  if (typeof content === "string") return refusal(content);
  const threadTs = textOf(args, "thread_ts") ?? null;
  const isShown =
    threadTs === null || workspace.said(channel).some(({ ts, thread_ts }) => thread_ts === threadTs && ts !== threadTs);
  const ts = workspace.newTs();
  ephemerals.push({ channel, user, ts, threadTs, text: content.text, blocks: content.blocks, isShown });
  return { ok: true, message_ts: ts };
};

const update: Method = (args, { workspace, bot, edits }) => {
  const channel = textOf(args, "channel") ?? "";
  const message = workspace.find(channel, textOf(args, "ts") ?? "");
  if (message === undefined) return refusal("message_not_found");
  if (message.bot_id !== bot.botId) return refusal("cant_update_message");
  const content = readPost(args);
  if (typeof content === "string") return refusal(content);
  message.text = content.text;
  // Blocks and metadata that are left out stay as they were.
  if (content.blocks !== null) message.blocks = content.blocks;
  if (content.metadata !== null) message.metadata = content.metadata;
  edits.push({ channel, ts: message.ts, text: content.text, atMs: performance.now() });
  return { ok: true, channel, ts: message.ts, text: content.text };
};

const remove: Method = (args, { workspace }) =>
  workspace.remove(textOf(args, "channel") ?? "", textOf(args, "ts") ?? "") ? OK : refusal("message_not_found");

const history: Method = (args, { workspace }) => {
  const channel = textOf(args, "channel") ?? "";
  if (!workspace.channels.has(channel)) return refusal("channel_not_found");
  const topLevel = workspace
    .said(channel)
    .filter(
      ({ ts, thread_ts, subtype }) => thread_ts === undefined || thread_ts === ts || subtype === "thread_broadcast",
    );
  return paged(between(topLevel, args).toReversed(), args);
};

const replies: Method = (args, { workspace }) => {
  const channel = textOf(args, "channel") ?? "";
  const root = textOf(args, "ts") ?? "";
  if (workspace.find(channel, root) === undefined) return refusal("thread_not_found");
  const thread = workspace.said(channel).filter(({ ts, thread_ts }) => ts === root || thread_ts === root);
  const wanted = new Set(between(thread, args));
  return paged(
    thread.filter((message) => message.ts === root || wanted.has(message)),
    args,
  );
};

const channelInfo: Method = (args, { workspace }) => {
  const channel = workspace.channels.get(textOf(args, "channel") ?? "");
  if (channel === undefined) return refusal("channel_not_found");
  const { id, type, name, topic, isArchived, isMember = true } = channel;
  const kind = { is_im: type === "im", is_mpim: type === "mpim", is_channel: true, is_private: type === "group" };
  return {
    ok: true,
    channel: { id, name, ...kind, is_member: isMember, is_archived: isArchived, topic: { value: topic } },
  };
};

const userInfo: Method = (args, { workspace }) => {
  const id = textOf(args, "user") ?? "";
  const user = workspace.users.get(id);
  if (user === undefined) return refusal("user_not_found");
  return {
    ok: true,
    user: { id, name: user.name, real_name: "", profile: { display_name: user.displayName, real_name: "" } },
  };
};

const addReaction: Method = (args, { workspace }) => {
  const message = workspace.find(textOf(args, "channel") ?? "", textOf(args, "timestamp") ?? "");
  const name = textOf(args, "name") ?? "";
  if (message === undefined) return refusal("message_not_found");
  if (message.reactions.has(name)) return refusal("already_reacted");
  message.reactions.add(name);
  return OK;
};

const removeReaction: Method = (args, { workspace }) => {
  const message = workspace.find(textOf(args, "channel") ?? "", textOf(args, "timestamp") ?? "");
  if (message === undefined) return refusal("message_not_found");
  return message.reactions.delete(textOf(args, "name") ?? "") ? OK : refusal("no_reaction");
};

const setStatus: Method = (args, { workspace, statuses }) => {
  const channel = textOf(args, "channel_id") ?? "";
  const threadTs = textOf(args, "thread_ts") ?? "";
  if (workspace.find(channel, threadTs) === undefined) return refusal("invalid_thread_ts");
  statuses.push({ channel, threadTs, status: textOf(args, "status") ?? "" });
  return OK;
};

/** Every method that only needs its arguments; uploads are in `files.ts`, connections in `socket-mode.ts`. */
export const apiMethods: Readonly<Record<string, Method>> = {
  "auth.test": authTest,
  "chat.postMessage": postMessage,
  "chat.postEphemeral": postEphemeral,
  "chat.update": update,
  "chat.delete": remove,
  "conversations.history": history,
  "conversations.replies": replies,
  "conversations.info": channelInfo,
  "users.info": userInfo,
  "usergroups.users.list": userGroup,
  "reactions.add": addReaction,
  "reactions.remove": removeReaction,
  "assistant.threads.setStatus": setStatus,
};

/** A refusal in Slack's form. */
export function refusal(error: string): ApiAnswer {
  return { ok: false, error };
}

function between(messages: readonly FakeMessage[], args: CallArguments): readonly FakeMessage[] {
  const oldest = Number(args.oldest ?? 0);
  const latest = Number(args.latest ?? Number.POSITIVE_INFINITY);
  return messages.filter(({ ts }) => Number(ts) >= oldest && Number(ts) <= latest);
}

function paged(messages: readonly FakeMessage[], args: CallArguments): ApiAnswer {
  const limit = Math.min(Number(args.limit ?? 100), 1000);
  const from = Number(textOf(args, "cursor") ?? 0);
  const hasMore = from + limit < messages.length;
  const withMetadata = String(args.include_all_metadata) === "true";
  return {
    ok: true,
    messages: messages.slice(from, from + limit).map((message) => shown(message, withMetadata)),
    has_more: hasMore,
    response_metadata: { next_cursor: hasMore ? String(from + limit) : "" },
  };
}

function shown({ reactions, metadata, ...message }: FakeMessage, withMetadata: boolean): Record<string, unknown> {
  return { ...message, ...(withMetadata && metadata !== undefined ? { metadata } : {}) };
}
