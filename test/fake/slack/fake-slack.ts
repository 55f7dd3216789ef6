import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { commandBody, eventBody, pressBody } from "./bodies.ts";
import { readArguments, readBytes } from "./call-arguments.ts";
import { type CallArguments, type SlackFaults, showFault, slackFaults } from "./faults.ts";
import { type FakeFiles, fakeFiles } from "./files.ts";
import { type FakeEnvelope, type FakeSockets, fakeSockets } from "./socket-mode.ts";
import { type ApiAnswer, type ApiState, apiMethods, type FakeBot, type FakePost, refusal } from "./web-api.ts";
import { type FakeMessage, type FakeWorkspace, fakeWorkspace } from "./workspace.ts";

/** What somebody says. */
export interface Said {
  readonly text: string;
  /** Default `D0ADA`, Ada's direct messages with the bot. */
  readonly channel?: string;
  /** Default `U0ADA`. */
  readonly user?: string;
  readonly threadTs?: string;
  readonly files?: readonly unknown[];
  /** More fields of the event. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** One call of the Web API. */
export interface FakeCall {
  readonly method: string;
  readonly args: CallArguments;
  readonly atMs: number;
  /** Null until it is answered in full. */
  answeredAtMs: number | null;
}

/** Slack, as far as a bot in one workspace sees it: Web API, Socket Mode, files. */
export interface FakeSlack {
  readonly url: string;
  /** What the clients take as `slackApiUrl`. */
  readonly apiUrl: string;
  readonly bot: FakeBot;
  readonly workspace: FakeWorkspace;
  readonly faults: SlackFaults;
  readonly sockets: FakeSockets;
  readonly files: FakeFiles;
  /** What the bot posted, in order; files are in `files.posts`. */
  readonly posts: FakePost[];
  /** What it showed to one person each. */
  readonly ephemerals: ApiState["ephemerals"];
  readonly edits: ApiState["edits"];
  readonly statuses: ApiState["statuses"];
  /** Every call of the Web API, in order of arrival. */
  readonly calls: FakeCall[];
  /** Scopes the bot was granted, as `auth.test` says them; null to leave the header out. */
  scopes: string | null;
  /** While set, every call with this token is refused so. */
  readonly refusedTokens: Map<string, string>;
  /** Somebody says something: it stands in the history, and is delivered as an event. Returns its `ts`. */
  say(said: Said): string;
  /** Somebody mentions the bot: `<@bot> text`, delivered twice, as `message` and `app_mention`. Returns the `ts`. */
  mention(said: Said): string;
  /** Said while nobody is told: it stands in the history, and no event is sent. Returns its `ts`. */
  sayUnheard(said: Said): string;
  /** Somebody changes a message. */
  change(channel: string, ts: string, text: string): void;
  /** Somebody types a slash command. */
  command(
    text: string,
    where?: { channel?: string; channelName?: string; user?: string; command?: string },
  ): FakeEnvelope;
  /** Somebody presses a button. */
  press(
    value: string,
    post: { channel: string; ts: string; threadTs?: string | null; user?: string; isEphemeral?: boolean },
  ): FakeEnvelope;
  /** Sends an event over the socket. */
  event(event: Readonly<Record<string, unknown>>): FakeEnvelope;
  close(): Promise<void>;
}

/** How the fake differs from Slack's usual ways. */
export interface FakeSlackOptions {
  readonly botToken: string;
  readonly appToken: string;
  /** When an event that was not confirmed is sent again. Default Slack's 3 s. */
  readonly redeliverAfterMs?: number;
  /** Whether the bot hears its own posts, as in Slack. Default true. */
  readonly echoesPosts?: boolean;
}

const ALL_SCOPES =
  "app_mentions:read,assistant:write,channels:history,channels:read,chat:write,commands,files:read,files:write,groups:history,groups:read,im:history,im:read,mpim:history,mpim:read,reactions:write,users:read";

/** Starts it on a free port of 127.0.0.1. */
export async function fakeSlack(options: FakeSlackOptions): Promise<FakeSlack> {
  const { botToken, appToken, redeliverAfterMs = 3000, echoesPosts = true } = options;
  const workspace = fakeWorkspace();
  const bot: FakeBot = { userId: "U0BOTUSER", botId: "B0BOT", appId: "A0HARNESS", teamId: "T0HARNESS", name: "parley" };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.socket?.destroy());
  });
  const sockets = fakeSockets(server, { redeliverAfterMs });
  const files = fakeFiles();
  let events = 0;

  const event = (content: Readonly<Record<string, unknown>>) =>
    sockets.deliver("events_api", eventBody(bot, content, `Ev${++events}`));
  const eventOf = (channel: string, { reactions, metadata, ...message }: FakeMessage) => ({
    ...message,
    channel,
    channel_type: workspace.channel(channel).type,
    event_ts: message.ts,
  });
  const state: ApiState = {
    workspace,
    bot,
    posts: [],
    ephemerals: [],
    edits: [],
    statuses: [],
    posted: (channel, message) => {
      if (echoesPosts) event(eventOf(channel, message));
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    const bytes = await readBytes(request);
    const token = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
    if (pathname.startsWith("/upload/v1/")) {
      response.writeHead(files.put(pathname.slice("/upload/v1/".length), bytes) ? 200 : 400).end("OK");
      return;
    }
    if (pathname.startsWith("/files-pri/")) return download(pathname, token, response);
    const method = pathname.replace(/^\/api\//, "");
    const args = readArguments(bytes.toString("utf8"), request.headers["content-type"] ?? "");
    const seen: FakeCall = { method, args, atMs: performance.now(), answeredAtMs: null };
    fake.calls.push(seen);
    const fault = fake.faults.take(method, args);
    const isDone = fault === null || ["done_but_unanswered", "garbage", "slow"].includes(fault.kind);
    const result = isDone ? call(method, args, token) : refusal("not_done");
    if (fault !== null && showFault(fault, response)) return;
    if (fault?.kind === "slow") await delay(fault.delayMs);
    const refused = fault?.kind === "error" ? { ...refusal(fault.error), needed: fault.needed } : result;
    const scopes = fake.scopes !== null ? { "X-OAuth-Scopes": fake.scopes } : {};
    response.writeHead(200, { "Content-Type": "application/json; charset=utf-8", ...scopes });
    response.end(JSON.stringify(refused));
    seen.answeredAtMs = performance.now();
  }

  function call(method: string, args: CallArguments, token: string): ApiAnswer {
    const wanted = method === "apps.connections.open" ? appToken : botToken;
    const refused = fake.refusedTokens.get(token);
    if (refused !== undefined) return refusal(refused);
    if (token !== wanted)
      return refusal(token === appToken || token === botToken ? "not_allowed_token_type" : "invalid_auth");
    if (method === "apps.connections.open") {
      return { ok: true, url: `${fake.url.replace("http", "ws")}/link?ticket=${sockets.newTicket()}` };
    }
    if (method === "files.getUploadURLExternal") return files.announce(args, fake.url);
    if (method === "files.completeUploadExternal") return files.complete(args, state);
    if (method === "files.info") {
      const id = String(args.file);
      return { ok: true, file: { id, url_private_download: `${fake.url}/files-pri/${id}` } };
    }
    return apiMethods[method]?.(args, state) ?? refusal("unknown_method");
  }

  /** Whoever shows no token of ours is sent to the page for signing in, as Slack does. */
  function download(pathname: string, token: string, response: ServerResponse): void {
    const file = files.get(pathname.split("/")[2] ?? "");
    if (token !== botToken) response.writeHead(302, { Location: `/?redir=${encodeURIComponent(pathname)}` }).end();
    else if (file?.bytes == null) response.writeHead(404).end();
    else response.writeHead(200, { "Content-Length": file.bytes.byteLength }).end(file.bytes);
  }

  function add({ text, channel = "D0ADA", user = "U0ADA", threadTs, files: attached, more }: Said): FakeMessage {
    const parent = threadTs === undefined ? undefined : workspace.find(channel, threadTs)?.user;
    return workspace.add(channel, {
      user,
      text,
      ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
      ...(parent === undefined ? {} : { parent_user_id: parent }),
      ...(attached === undefined ? {} : { files: attached, subtype: "file_share" }),
      ...more,
    });
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const fake: FakeSlack = {
    url: `http://127.0.0.1:${port}`,
    apiUrl: `http://127.0.0.1:${port}/api/`,
    bot,
    workspace,
    faults: slackFaults(),
    sockets,
    files,
    posts: state.posts,
    ephemerals: state.ephemerals,
    edits: state.edits,
    statuses: state.statuses,
    calls: [],
    scopes: ALL_SCOPES,
    refusedTokens: new Map(),
    say(said) {
      const message = add(said);
      event(eventOf(said.channel ?? "D0ADA", message));
      return message.ts;
    },
    mention(said) {
      const channel = said.channel ?? "C0GENERAL";
      const message = add({ ...said, channel, text: `<@${bot.userId}> ${said.text}` });
      const { channel_type, ...bare } = eventOf(channel, message);
      event({ ...bare, channel_type });
      event({ ...bare, type: "app_mention" });
      return message.ts;
    },
    sayUnheard: (said) => add(said).ts,
    change(channel, ts, text) {
      const message = workspace.find(channel, ts);
      if (message === undefined) throw new Error(`nothing was said in ${channel} at ${ts}`);
      const before = eventOf(channel, message);
      message.text = text;
      event({
        type: "message",
        subtype: "message_changed",
        hidden: true,
        channel,
        channel_type: workspace.channel(channel).type,
        ts: workspace.newTs(),
        message: eventOf(channel, message),
        previous_message: before,
      });
    },
    command(text, { channel = "D0ADA", channelName = "directmessage", user = "U0ADA", command = "/parley" } = {}) {
      workspace.channel(channel);
      const triggerId = `trigger-${sockets.envelopes.length}`;
      return sockets.deliver(
        "slash_commands",
        commandBody(bot, { command, text, user, channel, channelName, triggerId }),
      );
    },
    press(value, { channel, ts, threadTs = null, user = "U0ADA", isEphemeral = false }) {
      const channelName = channel.startsWith("D") ? "directmessage" : workspace.channel(channel).name;
      const actionTs = workspace.newTs();
      const press = { user, channel, channelName, messageTs: ts, threadTs, value, actionTs, isEphemeral };
      return sockets.deliver("interactive", pressBody(bot, press));
    },
    event,
    async close() {
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return fake;
}
