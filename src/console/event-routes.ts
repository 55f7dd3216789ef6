import { Hono } from "hono";
import { z } from "zod";
import type { Clock } from "../clock/clock.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { Place } from "../gateway/live-feed.ts";
import { selectGreatestOutboxId } from "../store/outbox.ts";
import { clientOf, cutConnection } from "./connection.ts";
import { type EventStream, openEventStream } from "./event-stream.ts";
import { type DirectPlatform, idText } from "./message-body.ts";
import { missedPosts } from "./missed-posts.ts";
import { countText, MAX_POSITION, readQuery } from "./read-request.ts";
import { RequestError } from "./request-error.ts";

/** Streams open at a time: tabs and terminals of a few people; each holds a connection and a buffer. */
const MAX_STREAMS = 64;
/** Streams of one client among them: nobody's tabs keep out the others. */
const MAX_STREAMS_OF_ONE = 24;
const TOO_MANY_RETRY_SECONDS = 10;

/** Platforms whose posts nobody but our own watchers delivers. */
const directPlatforms: readonly DirectPlatform[] = ["web", "local"];
const lastEventId = countText(0, MAX_POSITION);
const eventsQuery = z.strictObject({
  platform: idText.exactOptional(),
  chatId: idText.exactOptional(),
  /** For watchers that cannot set the header of the same meaning. */
  lastEventId: lastEventId.exactOptional(),
  /** `true`: turns that run already are told as if they had just begun and said at once what they have said so far. */
  underWay: z.literal("true", { error: 'expected "true"' }).exactOptional(),
});

/**
 * `GET /api/events`: what happens, as it happens; narrowed by `platform` and `chatId`, sessions always. It begins with `hello`;
 * then come, for one that names its `Last-Event-ID`, the posts of `web` and `local` it missed, or `gap` when they are too many.
 */
export function eventRoutes(options: {
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly needsToken: boolean;
  readonly closing: AbortSignal;
}): Hono {
  const { gateway, clock, needsToken, closing } = options;
  const streams = new Map<EventStream, string | null>();
  closing.addEventListener("abort", () => {
    for (const stream of streams.keys()) stream.close();
  });

  const missedSince = (after: number, platform: string | undefined, isWanted: (place: Place) => boolean) => {
    const platforms = directPlatforms.filter((direct) => platform === undefined || platform === direct);
    return missedPosts(gateway.store.reader, platforms, after, isWanted);
  };

  const routes = new Hono();
  routes.get("/api/events", (c) => {
    const { platform, chatId, lastEventId: queried, underWay } = readQuery(c, eventsQuery);
    const after = lastEventId.safeParse(c.req.header("last-event-id")).data ?? queried;
    const client = clientOf(c);
    const ofClient = client === null ? 0 : [...streams.values()].filter((each) => each === client).length;
    if (ofClient >= MAX_STREAMS_OF_ONE) {
      const message = `More than ${MAX_STREAMS_OF_ONE} of your pages and terminals watch already. Close some of them.`;
      throw new RequestError(429, "too_many_streams", message, TOO_MANY_RETRY_SECONDS);
    }
    if (streams.size >= MAX_STREAMS) {
      const message = `More than ${MAX_STREAMS} pages and terminals watch already. Close some of them.`;
      throw new RequestError(503, "too_many_streams", message, TOO_MANY_RETRY_SECONDS);
    }
    const isWanted = (place: Place) =>
      (platform === undefined || place.platform === platform) && (chatId === undefined || place.chatId === chatId);

    const stream = openEventStream({
      clock,
      onEnd() {
        unsubscribe();
        streams.delete(stream);
      },
      cut: () => cutConnection(c),
    });
    streams.set(stream, client);
    // Reading and subscribing happen in one step of the event loop: no post can fall between them, but one can be in both.
    const greatest = selectGreatestOutboxId(gateway.store.reader);
    // A number from the future is of another database: nothing can be told again.
    const missed = after === undefined ? [] : after > greatest ? null : missedSince(after, platform, isWanted);
    const told = new Set(missed?.map((post) => post.outboxId));
    const unsubscribe = gateway.feed.subscribe((event) => {
      if ("place" in event && !isWanted(event.place)) return;
      if (event.kind !== "post") stream.send(event.kind, event);
      else if (!told.has(event.outboxId)) stream.send(event.kind, event, event.outboxId);
    });

    const hello = { version: gateway.status().version, needsToken, maxFileBytes: gateway.media.maxBytes };
    stream.send("hello", hello, missed === null || after === undefined ? greatest : after);
    for (const post of missed ?? []) stream.send("post", post, post.outboxId);
    if (missed === null) stream.send("gap", {});
    if (underWay !== undefined) for (const event of gateway.feed.underWay(isWanted)) stream.send(event.kind, event);
    if (closing.aborted) stream.close();
    c.header("Content-Type", "text/event-stream; charset=utf-8");
    // nginx would keep events back until its buffer is full.
    c.header("X-Accel-Buffering", "no");
    return c.body(stream.body);
  });
  return routes;
}
