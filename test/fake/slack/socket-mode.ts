import type { IncomingMessage, Server } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { callOverHttp, type HttpTarget } from "./http-delivery.ts";

/** What Slack sends over the socket. */
export type EnvelopeType = "events_api" | "slash_commands" | "interactive";

/** One delivery and what became of it. */
export interface FakeEnvelope {
  readonly id: string;
  readonly type: EnvelopeType;
  readonly payload: unknown;
  /** When each copy was sent, by `performance.now()`; empty while no socket is there to take it. */
  readonly sentAtMs: number[];
  ackedAtMs: number | null;
  /** What came with the ack. */
  ackPayload: unknown;
}

/** The sockets and what goes over them. */
export interface FakeSockets {
  /** Everything that was to be delivered, in order. */
  readonly envelopes: FakeEnvelope[];
  /** Sends a delivery over one of the sockets; kept for the next one when there is none. */
  deliver(type: EnvelopeType, payload: unknown): FakeEnvelope;
  /** Open connections that were said hello to. */
  count(): number;
  /** How many connections there have been. */
  opened(): number;
  /** Cuts all connections without a word. */
  drop(): void;
  /** Sends a `disconnect` over all connections, as Slack does before it closes them. */
  disconnect(reason: string): void;
  /** All connections go deaf and dumb: nothing is read or sent any more, not even pongs, and none is closed. */
  mute(): void;
  /** Sends a text as it is. */
  sendRaw(text: string): void;
  /** While true, new connections are not said hello to. */
  holdsHello: boolean;
  /** While true, what is delivered while no socket is open is lost, as if Slack had given up repeating it. */
  losesWhileDown: boolean;
  /** From now on everything is delivered as signed calls over HTTP instead, and repeated until it is answered with 200. */
  deliverOverHttp(to: HttpTarget): void;
  /** A ticket for one connection, as `apps.connections.open` gives it. */
  newTicket(): string;
  close(): void;
}

/** Slack repeats an event at most three times (docs.slack.dev/apis/events-api#retries). */
const MAX_SENDINGS = 4;
const PING_EVERY_MS = 5_000;

/** Takes WebSocket connections of a server under `/link`. */
export function fakeSockets(server: Server, options: { readonly redeliverAfterMs: number }): FakeSockets {
  const wss = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const open = new Set<WebSocket>();
  const muted = new WeakSet<WebSocket>();
  const byId = new Map<string, FakeEnvelope>();
  const timers = new Map<string, NodeJS.Timeout>();
  let queue: FakeEnvelope[] = [];
  let turn = 0;
  let target: HttpTarget | null = null;
  let opened = 0;

  const overHttp = async (envelope: FakeEnvelope, to: HttpTarget) => {
    const attempt = envelope.sentAtMs.push(performance.now()) - 1;
    const answer = await callOverHttp(to, envelope, attempt);
    if (answer.isTaken) {
      envelope.ackedAtMs = performance.now();
      envelope.ackPayload = answer.body;
    } else if (envelope.type === "events_api" && envelope.sentAtMs.length < MAX_SENDINGS) {
      const timer = setTimeout(() => void overHttp(envelope, to), options.redeliverAfterMs);
      timers.set(envelope.id, timer.unref());
    }
  };

  const send = (envelope: FakeEnvelope) => {
    if (target !== null) {
      void overHttp(envelope, target);
      return;
    }
    const sockets = [...open];
    const socket = sockets[turn++ % Math.max(sockets.length, 1)];
    if (socket === undefined) {
      if (!fake.losesWhileDown) queue.push(envelope);
      return;
    }
    const attempt = envelope.sentAtMs.push(performance.now()) - 1;
    const retry = attempt === 0 ? {} : { retry_attempt: attempt, retry_reason: "timeout" };
    const { id, type, payload } = envelope;
    const text = JSON.stringify({
      envelope_id: id,
      type,
      payload,
      accepts_response_payload: type !== "events_api",
      ...retry,
    });
    if (!muted.has(socket)) socket.send(text);
    if (type !== "events_api" || envelope.sentAtMs.length >= MAX_SENDINGS) return;
    const timer = setTimeout(() => {
      timers.delete(id);
      if (envelope.ackedAtMs === null) send(envelope);
    }, options.redeliverAfterMs);
    timer.unref();
    timers.set(id, timer);
  };

  const acknowledge = (text: string) => {
    const answer: { envelope_id?: string; payload?: unknown } = JSON.parse(text);
    const envelope = byId.get(answer.envelope_id ?? "");
    if (envelope === undefined || envelope.ackedAtMs !== null) return;
    envelope.ackedAtMs = performance.now();
    envelope.ackPayload = answer.payload;
    clearTimeout(timers.get(envelope.id));
    timers.delete(envelope.id);
  };

  const welcome = (socket: WebSocket) => {
    opened += 1;
    socket.on("message", (data: Buffer) => acknowledge(data.toString()));
    socket.on("error", () => {});
    const pings = setInterval(() => {
      if (!muted.has(socket)) socket.ping();
    }, PING_EVERY_MS);
    pings.unref();
    socket.on("close", () => {
      open.delete(socket);
      clearInterval(pings);
    });
    if (fake.holdsHello) return;
    socket.send(
      JSON.stringify({ type: "hello", num_connections: open.size + 1, connection_info: { app_id: "A0FAKE" } }),
    );
    open.add(socket);
    const waiting = queue;
    queue = [];
    for (const envelope of waiting) send(envelope);
  };

  server.on("upgrade", (request: IncomingMessage, stream, head) => {
    const address = new URL(request.url ?? "/", "http://127.0.0.1");
    if (address.pathname !== "/link" || !tickets.delete(address.searchParams.get("ticket") ?? "")) {
      stream.destroy();
      return;
    }
    wss.handleUpgrade(request, stream, head, welcome);
  });

  const fake: FakeSockets = {
    envelopes: [],
    holdsHello: false,
    losesWhileDown: false,
    deliver(type, payload) {
      const id = `envelope-${fake.envelopes.length + 1}`;
      const envelope: FakeEnvelope = { id, type, payload, sentAtMs: [], ackedAtMs: null, ackPayload: null };
      fake.envelopes.push(envelope);
      byId.set(id, envelope);
      send(envelope);
      return envelope;
    },
    count: () => open.size,
    opened: () => opened,
    drop() {
      for (const socket of wss.clients) socket.terminate();
      open.clear();
    },
    disconnect(reason) {
      for (const socket of open)
        socket.send(JSON.stringify({ type: "disconnect", reason, debug_info: { host: "fake" } }));
      open.clear();
    },
    mute() {
      for (const socket of wss.clients) {
        muted.add(socket);
        socket.pause();
      }
    },
    sendRaw(text) {
      for (const socket of open) socket.send(text);
    },
    deliverOverHttp(to) {
      target = to;
    },
    newTicket() {
      const ticket = `ticket-${opened}-${tickets.size}-${Math.random()}`;
      tickets.add(ticket);
      return ticket;
    },
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
      for (const socket of wss.clients) socket.terminate();
      wss.close();
    },
  };
  return fake;
}
