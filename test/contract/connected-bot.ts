import { inspect } from "node:util";
import { systemClock } from "../../src/clock/clock.ts";
import type { OutboundMessage } from "../../src/message/message.ts";
import type { Adapter, AdapterEvents } from "../../src/platform/adapter.ts";
import { type ChatWorld, openWorld, type Place, type PlatformName } from "../support/chat-world.ts";
import { type TestIntake, testIntake } from "../support/test-intake.ts";
import { until } from "../support/until.ts";

/** A bot of one platform: its adapter, between the platform and a core that takes everything. */
export interface ConnectedBot extends AsyncDisposable {
  readonly world: ChatWorld;
  readonly adapter: Adapter;
  readonly intake: TestIntake;
  /** What the adapter told operators, a line each. */
  readonly told: readonly string[];
}

/** Connects one; with `starts: false` that is left to the test. */
export async function connectBot(
  platform: PlatformName,
  options: { readonly starts?: boolean; readonly token?: string } = {},
): Promise<ConnectedBot> {
  const { starts = true, ...given } = options;
  const world = await openWorld(platform);
  const intake = testIntake();
  const told: string[] = [];
  const adapter = world.openAdapter({ ...given, events: eventsInto(told) });
  if (starts) {
    await adapter.start(intake);
    await until("the bot is connected", () => world.isConnected());
  }
  return {
    world,
    adapter,
    intake,
    told,
    async [Symbol.asyncDispose]() {
      await adapter.stop();
      await adapter.close?.();
      await world[Symbol.asyncDispose]();
    },
  };
}

let lastOutboxId = 0;

/** A row of the outbox for a place. */
export function outbound(
  { platform }: ChatWorld,
  { chatId, threadId }: Place,
  about: Partial<OutboundMessage> = {},
): OutboundMessage {
  return {
    outboxId: ++lastOutboxId,
    platform,
    account: "default",
    chatId,
    threadId,
    text: "hello",
    file: null,
    buttons: [],
    replyToMessageId: null,
    privateTo: null,
    attempt: 1,
    firstTriedAtMs: systemClock.nowMs(),
    ...about,
  };
}

function eventsInto(told: string[]): AdapterEvents {
  const withError = (line: string, error: unknown) => (error === undefined ? line : `${line}: ${inspect(error)}`);
  return {
    connected: () => void told.push("connected"),
    disconnected: (detail, error) => void told.push(withError(`disconnected: ${detail}`, error)),
    ignored: (why) => void told.push(`ignored: ${why}`),
    warning: (detail, error) => void told.push(withError(`warning: ${detail}`, error)),
  };
}
