import { discordAdapter } from "../../../adapters/discord/adapter.ts";
import { type Clock, systemClock } from "../../../src/clock/clock.ts";
import type { OutboundMessage } from "../../../src/message/message.ts";
import type { Adapter, AdapterEvents } from "../../../src/platform/adapter.ts";
import { type FakeDiscord, fakeDiscord } from "../../fake/discord/fake-discord.ts";
import { type TestIntake, testIntake } from "../../support/test-intake.ts";
import { until } from "../../support/until.ts";

/** What an adapter told, in order. */
export interface Told {
  readonly connected: number[];
  readonly disconnected: string[];
  readonly ignored: string[];
  readonly warnings: string[];
}

/** An adapter beside a Discord of our own, and a core that takes everything. */
export interface DiscordRig extends AsyncDisposable {
  readonly discord: FakeDiscord;
  readonly adapter: Adapter;
  readonly intake: TestIntake;
  readonly told: Told;
  readonly texts: () => string[];
}

/** Starts both, connected unless `isStarted` is false. */
export async function discordRig(
  options: {
    readonly discord?: FakeDiscord;
    readonly token?: string;
    readonly autoThread?: boolean;
    readonly clock?: Clock;
    readonly isStarted?: boolean;
    readonly intake?: TestIntake;
    readonly heartbeatIntervalMs?: number;
  } = {},
): Promise<DiscordRig> {
  const { heartbeatIntervalMs = 41_250, intake = testIntake(), clock = systemClock } = options;
  const discord = options.discord ?? (await fakeDiscord({ heartbeatIntervalMs }));
  const told: Told = { connected: [], disconnected: [], ignored: [], warnings: [] };
  const adapter = discordAdapter({
    account: "default",
    token: options.token ?? discord.token,
    apiUrl: discord.url,
    autoThread: options.autoThread ?? false,
    clock,
    events: eventsInto(told),
    nonceSeed: "test",
  });
  if (options.isStarted !== false) {
    await adapter.start(intake);
    // With a hurried clock a start gives up waiting within moments, and what a test does then would be done to nobody.
    await until("it is connected", () => adapter.health().connected);
  }
  return {
    discord,
    adapter,
    intake,
    told,
    texts: () => intake.messages.map(({ text }) => text),
    async [Symbol.asyncDispose]() {
      await adapter.stop();
      await adapter.close?.();
      if (options.discord === undefined) await discord[Symbol.asyncDispose]();
    },
  };
}

/** Waits until the gateway is there: with a hurried clock a start gives up waiting for it within moments, and goes on trying. */
export async function untilConnected(rig: DiscordRig): Promise<void> {
  await until("it is connected", () => rig.adapter.health().connected);
}

/** Waits until as many messages have been handed over. */
export async function untilTaken(rig: DiscordRig, count: number): Promise<void> {
  await until(`${count} messages were taken`, () => rig.intake.messages.length >= count);
}

/** The time limit of a call: hurried, it would end calls that are merely not instant. */
const CALL_LIMIT_MS = 15_000;

/** The machine's clock with timers that run faster by this factor, but for time limits of calls: for waits whose length is not the point. */
export function hurriedClock(factor: number): Clock {
  const hurried = (delayMs: number) => (delayMs === CALL_LIMIT_MS ? delayMs : delayMs / factor);
  return { ...systemClock, setTimer: (delayMs, fire) => systemClock.setTimer(hurried(delayMs), fire) };
}

let outboxId = 0;

/** An outbox row for a channel. */
export function outbound(chatId: string, about: Partial<OutboundMessage> = {}): OutboundMessage {
  return {
    outboxId: ++outboxId,
    platform: "discord",
    account: "default",
    chatId,
    threadId: null,
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

function eventsInto(told: Told): AdapterEvents {
  return {
    connected: () => void told.connected.push(1),
    disconnected: (detail) => void told.disconnected.push(detail),
    ignored: (why) => void told.ignored.push(why),
    warning: (detail, error) =>
      void told.warnings.push(error instanceof Error ? `${detail}: ${error.stack ?? error.message}` : detail),
  };
}
