import { type ChatType, isChatType, isPlatformName, participantOf, type SessionSource } from "./source.ts";

declare const sessionKeyBrand: unique symbol;
/** Which conversation a message belongs to; made by `sessionKey` and `parseSessionKey` alone. */
export type SessionKey = string & { readonly [sessionKeyBrand]: true };

/** How far people in groups and threads share a conversation. */
export interface KeyOptions {
  /** Each person in a group or channel has a conversation of their own. Default true. */
  readonly groupSessionsPerUser: boolean;
  /** The same inside threads; works only together with `groupSessionsPerUser`. Default false: a thread is shared. */
  readonly threadSessionsPerUser: boolean;
}

/** What a key says. Two sources have the same key exactly when all of this is the same. */
export interface ParsedSessionKey {
  readonly agentId: string;
  readonly platform: string;
  readonly account: string;
  readonly chatType: ChatType;
  readonly chatId: string;
  readonly threadId: string | null;
  /** Whose conversation it is, where people have their own; null when it is the chat's. */
  readonly participant: string | null;
}

/** A text is not a session key, or a source can't have one; the message says what is wrong. */
export class SessionKeyError extends Error {
  override readonly name = "SessionKeyError";
}

const DEFAULT_ACCOUNT = "default";

/**
 * The key of the conversation a source belongs to:
 * `agent:<agent>:<platform>[@<account>]:<chatType>:<chatId>[:thread:<threadId>][:user:<participant>]`, each part with `%`, `:`
 * and `@` percent-encoded. Throws when the source has no chat id: then it would be everybody's conversation.
 */
export function sessionKey(source: SessionSource, options: KeyOptions, agentId = "main"): SessionKey {
  if (source.chatId === "")
    throw new SessionKeyError("session key: expected a source with a chat id, got an empty one.");
  if (agentId === "") throw new SessionKeyError("session key: expected the name of an agent, got an empty text.");
  return formatKey({
    agentId,
    platform: source.platform,
    account: source.account || DEFAULT_ACCOUNT,
    chatType: source.chatType,
    chatId: source.chatId,
    threadId: source.threadId || null,
    participant: participantInKey(source, options),
  });
}

/** Whether several people speak in the session of this source: true of every place but a DM whose key names no person. */
export function isSharedSession(source: SessionSource, options: KeyOptions): boolean {
  return source.chatType !== "dm" && participantInKey(source, options) === null;
}

/** What a key says; the exact inverse of `sessionKey`. Throws `SessionKeyError` for every other text. */
export function parseSessionKey(text: string): ParsedSessionKey {
  const [scheme, agent = "", place = "", chatType = "", chatId = "", ...marked] = text.split(":");
  if (scheme !== "agent") throw refusal(text, 'expected it to begin with "agent:"');
  if (chatId === "") {
    throw refusal(text, "expected agent:<agent>:<platform>:<chat type>:<chat id>, each of them filled");
  }
  if (!isChatType(chatType)) {
    throw refusal(text, `expected a chat type of dm, group, channel or thread, got ${JSON.stringify(chatType)}`);
  }
  const [platform = "", account = DEFAULT_ACCOUNT] = place.split("@");
  if (!isPlatformName(platform)) {
    throw refusal(
      text,
      `expected a platform of lower-case letters, digits and _, a letter first, got ${JSON.stringify(platform)}`,
    );
  }
  const parsed: ParsedSessionKey = {
    agentId: decodePart(agent),
    platform,
    account: decodePart(account),
    chatType,
    chatId: decodePart(chatId),
    ...readMarked(text, marked),
  };
  if (parsed.agentId === "") throw refusal(text, "expected the name of an agent after agent:");
  if (parsed.account === "") throw refusal(text, "expected the name of an account after @");
  if (chatType === "dm" && parsed.participant !== null) throw refusal(text, "expected no :user: in the key of a DM");
  const canonical = formatKey(parsed);
  if (canonical !== text) throw refusal(text, `expected it to be written ${JSON.stringify(canonical)}`);
  return parsed;
}

/** The text as a session key; throws `SessionKeyError` when it is none. */
export function readSessionKey(text: string): SessionKey {
  return formatKey(parseSessionKey(text));
}

/** The key of the same conversation after its chat got another id; throws `SessionKeyError` when the text is no key. */
export function keyInChat(key: string, chatId: string): SessionKey {
  return formatKey({ ...parseSessionKey(key), chatId });
}

function readMarked(text: string, marked: readonly string[]): Pick<ParsedSessionKey, "threadId" | "participant"> {
  const pairs = marked.join(":");
  const match = /^(?:thread:(?<thread>[^:]+))?(?:(?:^|:)user:(?<user>[^:]+))?$/.exec(pairs);
  if (match === null) {
    throw refusal(text, `expected [:thread:<id>][:user:<id>] after the chat id, got ${JSON.stringify(`:${pairs}`)}`);
  }
  const { thread, user } = match.groups ?? {};
  return {
    threadId: thread === undefined ? null : decodePart(thread),
    participant: user === undefined ? null : decodePart(user),
  };
}

function participantInKey(source: SessionSource, options: KeyOptions): string | null {
  if (source.chatType === "dm" || !options.groupSessionsPerUser) return null;
  return source.threadId && !options.threadSessionsPerUser ? null : participantOf(source);
}

function formatKey(parts: ParsedSessionKey): SessionKey {
  const account = parts.account === DEFAULT_ACCOUNT ? "" : `@${encodePart(parts.account)}`;
  const thread = parts.threadId === null ? "" : `:thread:${encodePart(parts.threadId)}`;
  const user = parts.participant === null ? "" : `:user:${encodePart(parts.participant)}`;
  const place = `${encodePart(parts.agentId)}:${encodePart(parts.platform)}${account}:${parts.chatType}`;
  return `agent:${place}:${encodePart(parts.chatId)}${thread}${user}` as SessionKey;
}

const encodings: Readonly<Record<string, string>> = { "%": "%25", ":": "%3A", "@": "%40" };
const decodings: Readonly<Record<string, string>> = { "%25": "%", "%3A": ":", "%40": "@" };

function encodePart(part: string): string {
  return part.replace(/[%:@]/g, (mark) => encodings[mark] ?? mark);
}

/** Leaves whatever `encodePart` never writes as it is: the comparison with the canonical form then refuses it. */
function decodePart(part: string): string {
  return part.replace(/%25|%3A|%40/g, (code) => decodings[code] ?? code);
}

function refusal(text: string, expected: string): SessionKeyError {
  return new SessionKeyError(`session key ${JSON.stringify(text)}: ${expected}.`);
}
