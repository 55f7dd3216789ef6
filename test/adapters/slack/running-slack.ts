import { type SlackAdapter, type SlackOptions, slackAdapter } from "../../../adapters/slack/adapter.ts";
import { systemClock } from "../../../src/clock/clock.ts";
import type { OutboundMessage } from "../../../src/message/message.ts";
import type { AdapterEvents } from "../../../src/platform/adapter.ts";
import { type FakeSlack, type FakeSlackOptions, fakeSlack } from "../../fake/slack/fake-slack.ts";
import { type TestIntake, testIntake } from "../../support/test-intake.ts";

export const BOT_TOKEN = "xoxb-1-secret-of-the-bot";
export const APP_TOKEN = "xapp-1-secret-of-the-app";
export const SIGNING_SECRET = "0123456789abcdef0123456789abcdef";

/** What an adapter told, in order. */
export interface ToldEvents extends AdapterEvents {
  readonly told: string[];
}

/** Events that are kept to be looked at. */
export function toldEvents(): ToldEvents {
  const told: string[] = [];
  return {
    told,
    connected: () => void told.push("connected"),
    disconnected: (detail) => void told.push(`disconnected: ${detail}`),
    ignored: (why) => void told.push(`ignored: ${why}`),
    warning: (detail) => void told.push(`warning: ${detail}`),
  };
}

/** A fake Slack and an adapter for it. */
export interface RunningSlack extends AsyncDisposable {
  readonly fake: FakeSlack;
  readonly adapter: SlackAdapter;
  readonly intake: TestIntake;
  readonly events: ToldEvents;
}

/** What an adapter for this fake is made of. */
export function slackOptions(fake: FakeSlack, events: AdapterEvents): SlackOptions {
  return {
    account: "default",
    botToken: BOT_TOKEN,
    appToken: APP_TOKEN,
    signingSecret: SIGNING_SECRET,
    apiUrl: fake.apiUrl,
    mode: "socket",
    replyInThread: true,
    seedDmThreads: true,
    postSeed: "salt",
    clock: systemClock,
    events,
  };
}

/** Starts both, unless `starts` is false: then the adapter is left to the test. */
export async function runningSlack(
  options: Partial<SlackOptions> & { readonly fake?: Partial<FakeSlackOptions>; readonly starts?: boolean } = {},
): Promise<RunningSlack> {
  const { fake: fakeOptions, starts = true, ...overrides } = options;
  const fake = await fakeSlack({ botToken: BOT_TOKEN, appToken: APP_TOKEN, ...fakeOptions });
  const intake = testIntake();
  const events = toldEvents();
  const adapter = slackAdapter({ ...slackOptions(fake, events), ...overrides });
  if (starts) await adapter.start(intake);
  return {
    fake,
    adapter,
    intake,
    events,
    async [Symbol.asyncDispose]() {
      await adapter.stop();
      await fake.close();
    },
  };
}

/** A text to be posted to Ada. */
export function outbound(overrides: Partial<OutboundMessage> = {}): OutboundMessage {
  return {
    outboxId: 1,
    platform: "slack",
    account: "default",
    chatId: "D0ADA",
    threadId: null,
    text: "hello",
    file: null,
    buttons: [],
    replyToMessageId: null,
    privateTo: null,
    attempt: 1,
    firstTriedAtMs: Date.now(),
    ...overrides,
  };
}
