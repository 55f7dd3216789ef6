import { type TelegramOptions, telegramAdapter } from "../../../adapters/telegram/adapter.ts";
import { systemClock } from "../../../src/clock/clock.ts";
import type { OutboundMessage } from "../../../src/message/message.ts";
import type { Adapter, AdapterEvents } from "../../../src/platform/adapter.ts";
import { type FakeTelegram, type FakeTelegramOptions, fakeTelegram } from "../../fake/telegram/fake-telegram.ts";
import { type TestIntake, testIntake } from "../../support/test-intake.ts";

export const token = "123456789:secret-part_of-the-token";

/** What an adapter told. */
export interface Told extends AdapterEvents {
  readonly lines: string[];
  readonly errors: unknown[];
}

/** Events that are remembered, one line each. */
export function remembered(): Told {
  const lines: string[] = [];
  const errors: unknown[] = [];
  const note = (line: string, error?: unknown) => {
    lines.push(line);
    if (error !== undefined) errors.push(error);
  };
  return {
    lines,
    errors,
    connected: () => note("connected"),
    disconnected: (detail, error) => note(`disconnected: ${detail}`, error),
    ignored: (why) => note(`ignored: ${why}`),
    warning: (detail, error) => note(`warning: ${detail}`, error),
  };
}

/** An adapter, its core and Telegram. */
export interface Connected extends AsyncDisposable {
  readonly telegram: FakeTelegram;
  readonly adapter: Adapter;
  readonly intake: TestIntake;
  readonly told: Told;
}

/** Connects a real client to a server of our own; `start: false` leaves that to the test. */
export async function connect(
  options: Partial<TelegramOptions> & { readonly server?: Partial<FakeTelegramOptions>; readonly start?: boolean } = {},
): Promise<Connected> {
  const { server, start = true, ...given } = options;
  const telegram = await fakeTelegram({ token, ...server });
  const intake = testIntake();
  const told = remembered();
  const adapter = telegramAdapter({
    account: "default",
    token,
    apiRoot: telegram.url,
    mode: "polling",
    webhookUrl: "",
    webhookSecret: "",
    clock: systemClock,
    events: told,
    ...given,
  });
  if (start) await adapter.start(intake);
  return {
    telegram,
    adapter,
    intake,
    told,
    async [Symbol.asyncDispose]() {
      await adapter.stop();
      await adapter.close?.();
      await telegram.close();
    },
  };
}

let lastOutboxId = 0;

/** A message of ours on its way out. */
export function outbound(fields: Partial<OutboundMessage>): OutboundMessage {
  return {
    outboxId: ++lastOutboxId,
    platform: "telegram",
    account: "default",
    chatId: "1001",
    threadId: null,
    text: "hello",
    file: null,
    buttons: [],
    replyToMessageId: null,
    privateTo: null,
    attempt: 1,
    firstTriedAtMs: 0,
    ...fields,
  };
}
