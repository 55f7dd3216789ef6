import { isPlatformName, type SessionSource } from "./source.ts";

/** Where the output of a job or a command goes. */
export type DeliveryTarget =
  /** Back where it was asked for; `origin` is null when nobody asked in a chat: then it stays local. */
  | { readonly kind: "origin"; readonly origin: DeliveryOrigin | null }
  /** Kept as a file, sent nowhere. */
  | { readonly kind: "local" }
  /** The home channel of a platform, or of the one of its bots that is named. */
  | { readonly kind: "home"; readonly platform: string; readonly account: string | null }
  | {
      readonly kind: "chat";
      readonly platform: string;
      /** Which of the platform's bots; null when none is named. */
      readonly account: string | null;
      readonly chatId: string;
      readonly threadId: string | null;
    };

/** The place of a source that an answer goes back to. */
export type DeliveryOrigin = Pick<SessionSource, "platform" | "account" | "chatId" | "threadId">;

/** A target, or what is wrong with the text, in words for whoever wrote it. */
export type ReadDeliveryTarget = DeliveryTarget | { readonly kind: "invalid"; readonly message: string };

const SYNTAX = "origin, local, <platform>[@<account>] or <platform>[@<account>]:<chat_id>[:<thread_id>]";

/**
 * Reads `origin`, `local`, `<platform>[@<account>]` or `<platform>[@<account>]:<chat_id>[:<thread_id>]`. The first word counts in
 * any case, the names of bots and ids keep theirs; `:` and `%` in a chat id are written %3A and %25. Without `platforms` every well-formed name is one.
 */
export function parseDeliveryTarget(
  text: string,
  origin: DeliveryOrigin | null,
  platforms?: readonly string[],
): ReadDeliveryTarget {
  const [word = "", chat, ...thread] = text.trim().split(":");
  const mark = word.indexOf("@");
  const platform = (mark < 0 ? word : word.slice(0, mark)).toLowerCase();
  const account = mark < 0 ? null : word.slice(mark + 1);
  if (account === "") return invalid(text, `expected the name of a bot after "${platform}@", or no @`);
  if (account !== null && (platform === "origin" || platform === "local")) return invalid(text, `expected ${SYNTAX}`);
  if (chat === undefined && platform === "origin") return { kind: "origin", origin: origin && placeOf(origin) };
  if (chat === undefined && platform === "local") return { kind: "local" };
  if (!isPlatformName(platform) || platform === "origin") return invalid(text, `expected ${SYNTAX}`);
  if (platforms !== undefined && platform !== "local" && !platforms.includes(platform)) {
    return invalid(text, `expected a platform of ${[...platforms].sort().join(", ") || "none (none is configured)"}`);
  }
  if (chat === undefined) return { kind: "home", platform, account };
  const threadId = thread.join(":");
  if (chat === "") return invalid(text, `expected a chat id after "${word}:", or "${word}" alone for its home channel`);
  if (thread.length > 0 && threadId === "")
    return invalid(text, "expected a thread id after the last colon, or no colon");
  return { kind: "chat", platform, account, chatId: decodeChatId(chat), threadId: threadId || null };
}

/** A target in the words `parseDeliveryTarget` reads. */
export function formatDeliveryTarget(target: DeliveryTarget): string {
  switch (target.kind) {
    case "origin":
    case "local":
      return target.kind;
    case "home":
      return botOf(target);
    case "chat": {
      const chat = `${botOf(target)}:${encodeChatId(target.chatId)}`;
      return target.threadId === null ? chat : `${chat}:${target.threadId}`;
    }
  }
}

function botOf({ platform, account }: { readonly platform: string; readonly account: string | null }): string {
  return account === null ? platform : `${platform}@${account}`;
}

function placeOf({ platform, account, chatId, threadId }: DeliveryOrigin): DeliveryOrigin {
  return { platform, account, chatId, threadId };
}

function encodeChatId(chatId: string): string {
  return chatId.replaceAll("%", "%25").replaceAll(":", "%3A");
}

function decodeChatId(text: string): string {
  return text.replace(/%25|%3A/gi, (code) => (code === "%25" ? "%" : ":"));
}

function invalid(text: string, expected: string): ReadDeliveryTarget {
  return { kind: "invalid", message: `delivery target ${JSON.stringify(text)}: ${expected}.` };
}
