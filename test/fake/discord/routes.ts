import { z } from "zod";
import type { GatewayServer } from "./gateway-server.ts";
import type { FakeFile, FakeInteractions } from "./interactions.ts";
import type { Deeds } from "./record.ts";
import { formRefusal, Refusal } from "./refusal.ts";
import { readPostBody } from "./validate.ts";
import type { FakeMessage, World } from "./world.ts";

/** For this long a nonce stands for the post it came with. */
const NONCE_LIFE_MS = 5 * 60_000;

/** A call of the API, its body read. */
export interface Call {
  readonly method: string;
  /** Parts of the path after the version. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly files: readonly FakeFile[];
}

/** Performs a call; the result is the answer's body, undefined for 204. Throws a `Refusal`. */
export type Perform = (call: Call) => unknown;

const threadBody = z.object({ name: z.string().min(1).max(100) });
const callbackBody = z.object({
  type: z.number(),
  data: z.object({ content: z.string().optional(), flags: z.number().optional() }).optional(),
});

/** Makes the API on a world. */
export function makeRoutes(options: {
  readonly world: World;
  readonly gateway: GatewayServer;
  readonly deeds: Deeds;
  readonly interactions: FakeInteractions;
  readonly onPost: (content: string, channelId: string) => void;
  readonly gatewayUrl: () => string;
}): Perform {
  const { world, gateway, deeds, interactions, onPost, gatewayUrl } = options;
  const nonces = new Map<string, { readonly message: FakeMessage; readonly atMs: number }>();

  const channelOf = (id: string | undefined) => {
    const channel = world.channels.get(id ?? "");
    if (channel === undefined) throw new Refusal(404, 10003, "Unknown Channel");
    return channel;
  };
  const messageOf = (channelId: string, id: string | undefined): FakeMessage => {
    const message = world.findMessage(channelId, id ?? "");
    if (message === undefined) throw new Refusal(404, 10008, "Unknown Message");
    return message;
  };

  const post = (channelId: string, given: unknown, files: readonly FakeFile[]): FakeMessage => {
    const body = readPostBody(given, files.length);
    const nonce = body.nonce === undefined ? null : String(body.nonce);
    const known = nonce !== null && body.enforce_nonce === true ? nonces.get(nonce) : undefined;
    if (known !== undefined && world.nowMs() - known.atMs < NONCE_LIFE_MS) return known.message;
    const { content = "", components = [], message_reference: reference } = body;
    const replied = reference === undefined ? undefined : world.findMessage(channelId, reference.message_id);
    if (reference !== undefined && replied === undefined && reference.fail_if_not_exists !== false) {
      throw formRefusal("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message");
    }
    const attachments = files.map(({ name, type, bytes }) => ({
      id: world.newId(),
      filename: name,
      content_type: type,
      size: bytes.byteLength,
      url: "https://cdn.discordapp.com/attachments/1/1/file",
    }));
    const reply = replied === undefined ? {} : { type: 19, message_reference: { message_id: replied.id } };
    const said = { channelId, author: world.bot, content: content.trim() };
    const message = world.addMessage(said, { components, attachments, ...reply });
    if (nonce !== null) nonces.set(nonce, { message, atMs: world.nowMs() });
    deeds.posts.push({
      id: message.id,
      channelId,
      content: message.content,
      nonce,
      replyTo: replied?.id ?? null,
      files,
      components,
      body,
      interactionId: null,
      isPrivate: false,
    });
    gateway.dispatch("MESSAGE_CREATE", { ...world.asEvent(message), ...(nonce === null ? {} : { nonce }) });
    onPost(message.content, channelId);
    return message;
  };

  const edit = (channelId: string, id: string | undefined, given: unknown): FakeMessage => {
    const message = messageOf(channelId, id);
    if (message.author.id !== world.bot.id)
      throw new Refusal(403, 50005, "Cannot edit a message authored by another user");
    const body = readPostBody(given, message.attachments.length);
    message.content = body.content ?? message.content;
    message.components = body.components ?? message.components;
    message.edited_timestamp = new Date(world.nowMs()).toISOString();
    deeds.edits.push({ messageId: message.id, content: message.content });
    const recorded = deeds.posts.findLast((each) => each.id === message.id);
    if (recorded !== undefined) Object.assign(recorded, { content: message.content, components: message.components });
    gateway.dispatch("MESSAGE_UPDATE", world.asEvent(message));
    return message;
  };

  const openThread = (channelId: string, id: string | undefined, given: unknown) => {
    const message = messageOf(channelId, id);
    const name = threadBody.safeParse(given);
    if (!name.success) throw formRefusal("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.");
    if (world.channels.has(message.id)) {
      throw new Refusal(400, 160004, "A thread has already been created for this message");
    }
    const { guild_id = "" } = channelOf(channelId);
    const thread = world.addChannel({ id: message.id, type: 11, guild_id, parent_id: channelId, name: name.data.name });
    message.flags |= 32;
    gateway.dispatch("THREAD_CREATE", { ...thread, newly_created: true });
    gateway.dispatch("MESSAGE_UPDATE", world.asEvent(message));
    return thread;
  };

  const onChannel = ({ method, parts, query, body, files }: Call): unknown => {
    const channel = channelOf(parts[1]);
    const [, , what, messageId, more] = parts;
    if (what === undefined && method === "GET") return { permission_overwrites: [], ...channel };
    if (what === "typing" && method === "POST") {
      deeds.typing.push(channel.id);
      return undefined;
    }
    if (what !== "messages") throw notFound();
    if (more === "threads" && method === "POST") return openThread(channel.id, messageId, body);
    if (messageId === undefined && method === "POST") return post(channel.id, body, files);
    if (messageId === undefined && method === "GET") {
      const limit = Math.min(100, Number(query.get("limit") ?? 50));
      return world.readHistory(channel.id, { after: query.get("after"), before: query.get("before"), limit });
    }
    if (messageId !== undefined && method === "PATCH") return edit(channel.id, messageId, body);
    if (messageId !== undefined && method === "GET") return messageOf(channel.id, messageId);
    throw notFound();
  };

  const onWebhook = ({ method, parts, body, files }: Call): unknown => {
    const [, , token, what, messageId] = parts;
    if (what === undefined && method === "POST") return interactions.followUp(token, body, files);
    if (what !== "messages" || messageId !== "@original") throw notFound();
    if (method === "PATCH") return interactions.editOriginal(token, body, files);
    if (method === "DELETE") return interactions.deleteOriginal(token);
    throw notFound();
  };

  return (call) => {
    const { method, parts, body } = call;
    switch (parts[0]) {
      case "gateway":
        return {
          url: gatewayUrl(),
          shards: 1,
          session_start_limit: { total: 1000, remaining: 999, reset_after: 14_400_000, max_concurrency: 1 },
        };
      case "users":
        return world.bot;
      case "applications":
        if (parts[2] !== "commands") return { id: world.applicationId };
        if (method !== "PUT" || !Array.isArray(body)) throw notFound();
        deeds.commands = body;
        return body;
      case "guilds": {
        if (parts[2] === "roles") return world.rolesOf(parts[1] ?? "");
        const user = world.users.get(parts[3] ?? "");
        if (parts[2] !== "members" || user === undefined) throw new Refusal(404, 10007, "Unknown Member");
        return { ...world.memberOf(parts[1] ?? "", user.id), user };
      }
      case "channels":
        return onChannel(call);
      case "interactions":
        return interactions.callback(parts[2], callbackBody.parse(body));
      case "webhooks":
        return onWebhook(call);
      default:
        throw notFound();
    }
  };
}

function notFound(): Refusal {
  return new Refusal(404, 0, "404: Not Found");
}
