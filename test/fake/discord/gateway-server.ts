import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import type { World } from "./world.ts";

/** Events kept of a session, for those who resume. */
const MAX_LOG = 5_000;
const MESSAGE_CONTENT = 1 << 15;

interface Session {
  readonly id: string;
  readonly log: { readonly seq: number; readonly text: string }[];
  seq: number;
  socket: WebSocket | null;
}

const incoming = z.object({ op: z.number(), d: z.unknown() });
const identify = z.object({ token: z.string(), intents: z.number() });
const resume = z.object({ token: z.string(), session_id: z.string(), seq: z.number() });

/** What the gateway does beyond the rules. */
export interface GatewayTraits {
  heartbeatIntervalMs: number;
  /** The switch of the Developer Portal: off, a bot that asks for the intent is closed with 4014. */
  allowsMessageContent: boolean;
  /** Closes whoever identifies with this code; null for nobody. */
  identifyCloseCode: number | null;
  /** Connections are cut before the handshake. */
  isDown: boolean;
}

/** The gateway's side of WebSockets. */
export type GatewayServer = ReturnType<typeof makeGatewayServer>;

/** Makes it; `handleUpgrade` is called by the HTTP server. */
export function makeGatewayServer(options: {
  readonly world: World;
  readonly traits: GatewayTraits;
  readonly tokenOf: () => string;
  readonly urlOf: () => string;
}) {
  const { world, traits, tokenOf, urlOf } = options;
  const server = new WebSocketServer({ noServer: true });
  const sessions = new Map<string, Session>();
  const muted = new WeakSet<WebSocket>();
  let identifyCount = 0;
  let lastIntents = 0;
  let resumeCount = 0;

  const send = (socket: WebSocket, op: number, d: unknown) => {
    if (!muted.has(socket)) socket.send(JSON.stringify({ op, d, s: null, t: null }));
  };

  const dispatchTo = (session: Session, event: string, data: unknown) => {
    const seq = ++session.seq;
    const text = JSON.stringify({ op: 0, t: event, s: seq, d: data });
    session.log.push({ seq, text });
    if (session.log.length > MAX_LOG) session.log.shift();
    const { socket } = session;
    if (socket !== null && !muted.has(socket)) socket.send(text);
  };

  const begin = (socket: WebSocket, { token, intents }: z.infer<typeof identify>) => {
    identifyCount++;
    lastIntents = intents;
    if (traits.identifyCloseCode !== null) return socket.close(traits.identifyCloseCode);
    if (token !== tokenOf()) return socket.close(4004, "Authentication failed.");
    if ((intents & MESSAGE_CONTENT) !== 0 && !traits.allowsMessageContent) {
      return socket.close(4014, "Disallowed intent(s).");
    }
    const session: Session = { id: `session-${world.newId()}`, log: [], seq: 0, socket };
    sessions.set(session.id, session);
    dispatchTo(session, "READY", {
      v: 10,
      user: { ...world.bot, discriminator: "0000" },
      guilds: [...world.guilds.keys()].map((id) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: urlOf(),
      application: { id: world.applicationId, flags: 0 },
    });
    for (const guild of world.guilds.values()) dispatchTo(session, "GUILD_CREATE", guildEvent(world, guild.id));
  };

  const resumeSession = (socket: WebSocket, { token, session_id, seq }: z.infer<typeof resume>) => {
    resumeCount++;
    if (token !== tokenOf()) return socket.close(4004, "Authentication failed.");
    const session = sessions.get(session_id);
    if (session === undefined) return send(socket, 9, false);
    session.socket = socket;
    for (const event of session.log) if (event.seq > seq) socket.send(event.text);
    dispatchTo(session, "RESUMED", {});
  };

  const receive = (socket: WebSocket, data: RawData) => {
    if (muted.has(socket) || !Buffer.isBuffer(data)) return;
    const { op, d } = incoming.parse(JSON.parse(data.toString()));
    if (op === 1) send(socket, 11, null);
    else if (op === 2) begin(socket, identify.parse(d));
    else if (op === 6) resumeSession(socket, resume.parse(d));
  };

  const live = () => [...sessions.values()].flatMap(({ socket }) => socket ?? []);

  return {
    handleUpgrade(request: IncomingMessage, tcp: Duplex, head: Buffer): void {
      if (traits.isDown) {
        tcp.destroy();
        return;
      }
      server.handleUpgrade(request, tcp, head, (socket) => {
        socket.on("message", (data) => receive(socket, data));
        socket.on("close", () => {
          for (const session of sessions.values()) if (session.socket === socket) session.socket = null;
        });
        send(socket, 10, { heartbeat_interval: traits.heartbeatIntervalMs });
      });
    },
    dispatch(event: string, data: unknown): void {
      for (const session of sessions.values()) dispatchTo(session, event, data);
    },
    /** Sends a frame as it is. */
    sendRaw(text: string): void {
      for (const socket of live()) socket.send(text);
    },
    connectionCount: () => live().filter((socket) => !muted.has(socket)).length,
    socketCount: () => server.clients.size,
    identifyCount: () => identifyCount,
    resumeCount: () => resumeCount,
    /** What the last one to identify asked to hear of. */
    lastIntents: () => lastIntents,
    /** Cuts all connections. A session that is forgotten can't be resumed. */
    drop(how: { readonly forget?: boolean; readonly code?: number } = {}): void {
      for (const socket of server.clients) {
        if (how.code === undefined) socket.terminate();
        else socket.close(how.code);
      }
      if (how.forget === true) sessions.clear();
    },
    askToReconnect(): void {
      for (const socket of live()) send(socket, 7, null);
    },
    invalidate(isResumable: boolean): void {
      for (const socket of live()) send(socket, 9, isResumable);
      if (!isResumable) sessions.clear();
    },
    /** From now on the open connections neither say nor hear anything, and nobody closes them. */
    mute(): void {
      for (const socket of server.clients) {
        muted.add(socket);
        socket.pause();
      }
    },
    close(): void {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

function guildEvent(world: World, guildId: string) {
  const all = [...world.channels.values()].filter(({ guild_id }) => guild_id === guildId);
  const isThread = ({ type }: { type: number }) => type >= 10 && type <= 12;
  return {
    ...world.guilds.get(guildId),
    channels: all.filter((channel) => !isThread(channel)).map(({ guild_id: _, ...channel }) => channel),
    threads: all.filter(isThread),
    members: [],
    roles: [],
    emojis: [],
    member_count: 2,
  };
}
