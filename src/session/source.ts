import { z } from "zod";

/** What kind of place a message was written in. */
export type ChatType = "dm" | "group" | "channel" | "thread";

/**
 * Where a message came from: plain data made by an adapter, parsed once when it enters the core.
 * Absent is null; an empty string counts as absent. Names and topics are other people's text, for people and prompts only.
 */
export interface SessionSource {
  /** `local`, `telegram`, `discord`, `slack`, `web`, … : an adapter's own name, `[a-z][a-z0-9_]*`. */
  readonly platform: string;
  /** Which bot of that platform; `default` when there is one. */
  readonly account: string;
  readonly chatType: ChatType;
  readonly chatId: string;
  /** Telegram topic, Discord thread, Slack thread_ts; null outside threads. */
  readonly threadId: string | null;
  readonly userId: string | null;
  /** A second id of the same person; it wins over `userId` where both exist. */
  readonly userIdAlt: string | null;
  /** Slack team, Discord guild. */
  readonly workspaceId: string | null;
  /** The channel a thread hangs in. */
  readonly parentChatId: string | null;
  readonly userName: string | null;
  readonly chatName: string | null;
  readonly chatTopic: string | null;
  readonly chatIdAlt: string | null;
}

const chatTypes = ["dm", "group", "channel", "thread"] as const satisfies readonly ChatType[];
const platformName = /^[a-z][a-z0-9_]*$/;

/** Whether a text is one of the four chat types. */
export function isChatType(text: string): text is ChatType {
  return chatTypes.some((chatType) => chatType === text);
}

/** Whether a text can be the name of a platform: lower-case letters, digits and _, a letter first. */
export function isPlatformName(text: string): boolean {
  return platformName.test(text);
}

/** Longest id the core takes, in UTF-16 units; the platforms' own are under 100. */
const MAX_ID_LENGTH = 512;
/** Longest name or topic the core keeps, in UTF-16 units; longer ones are cut, never refused. */
const MAX_NAME_LENGTH = 1024;

const absentable = (schema: z.ZodType<string>) =>
  z.preprocess((value) => (value === "" || value === undefined ? null : value), schema.nullable()).default(null);
// Half a surrogate pair has no UTF-8 form: it would read back as another character than it was.
const idText = z
  .string()
  .max(MAX_ID_LENGTH)
  .transform((text) => text.toWellFormed());
const id = absentable(idText);
const name = absentable(z.string().transform((text) => text.slice(0, MAX_NAME_LENGTH).toWellFormed()));

const sessionSource: z.ZodType<SessionSource> = z.object({
  platform: z.string().regex(platformName, "expected lower-case letters, digits and _, a letter first"),
  account: idText.refine((text) => text !== "", "expected the name of the bot").default("default"),
  chatType: z.enum(chatTypes),
  chatId: idText.refine((text) => text !== "", "expected the id of the chat"),
  threadId: id,
  userId: id,
  userIdAlt: id,
  workspaceId: id,
  parentChatId: id,
  userName: name,
  chatName: name,
  chatTopic: name,
  chatIdAlt: id,
});

/** Parses unknown data into a source; throws zod's error, which names the field, when it does not fit. */
export function readSessionSource(value: unknown): SessionSource {
  return sessionSource.parse(value);
}

/**
 * The same for a source that an adapter made, on the path of each message: nearly all are in order, which takes a look instead of a parse. Throws as
 * `readSessionSource` does.
 */
export function checkedSource(source: SessionSource): SessionSource {
  return isInOrder(source) ? source : readSessionSource(source);
}

function isInOrder(source: SessionSource): boolean {
  const { platform, account, chatType, chatId, threadId, userId, userIdAlt, workspaceId, parentChatId } = source;
  return (
    typeof platform === "string" &&
    platformName.test(platform) &&
    isChatType(chatType) &&
    isText(account, MAX_ID_LENGTH) &&
    isText(chatId, MAX_ID_LENGTH) &&
    [threadId, userId, userIdAlt, workspaceId, parentChatId, source.chatIdAlt].every(
      (id) => id === null || isText(id, MAX_ID_LENGTH),
    ) &&
    [source.userName, source.chatName, source.chatTopic].every((name) => name === null || isText(name, MAX_NAME_LENGTH))
  );
}

function isText(value: unknown, maxLength: number): boolean {
  return typeof value === "string" && value !== "" && value.length <= maxLength && value.isWellFormed();
}

/** Who speaks, as keys and access see it: the alternative id wins; null when nobody is known. */
export function participantOf(source: SessionSource): string | null {
  return source.userIdAlt || source.userId || null;
}
