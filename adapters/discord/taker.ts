import { backOffMs } from "../../src/clock/back-off.ts";
import { type Clock, sleep } from "../../src/clock/clock.ts";
import type { InboundMessage } from "../../src/message/message.ts";
import type { Acceptance, AdapterEvents, Arrival, Intake } from "../../src/platform/adapter.ts";
import { intoThread } from "./auto-thread.ts";
import { CONTENT_MISSING, type ContentSight } from "./content-sight.ts";
import type { Interactions } from "./interactions.ts";
import type { Reading } from "./read.ts";
import type { Rest } from "./rest.ts";

/** Back-off of a message that could not be stored: the disk is full until somebody empties it. */
const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 30_000;

/** Hands what was read over to the core. Resolves when it is stored, or need not be; never rejects. */
export type Take = (reading: Reading) => Promise<void>;

/** Opens it; a message is tried until it is stored or `signal` aborts, since Discord delivers nothing twice. */
export function openTaker(options: {
  readonly rest: Rest;
  readonly clock: Clock;
  readonly intake: Intake;
  readonly interactions: Interactions;
  readonly autoThread: boolean;
  readonly events: AdapterEvents;
  readonly sight: ContentSight;
  readonly signal: AbortSignal;
}): Take {
  const { rest, clock, intake, interactions, autoThread, events, sight, signal } = options;
  const once = warnOnce(events);

  const accept = async (message: InboundMessage, arrival: Arrival = {}): Promise<Acceptance | null> => {
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        return await intake.accept(message, arrival);
      } catch (error) {
        if (attempt === 0) events.warning("a message could not be stored; it is tried until it can", error);
        await sleep(clock, backOffMs(attempt + 1, FIRST_WAIT_MS, MAX_WAIT_MS), signal);
      }
    }
    return null;
  };

  return async (reading) => {
    sight.saw(reading);
    switch (reading.kind) {
      case "message": {
        const { message } = reading;
        const placed =
          autoThread && reading.mayOpenThread
            ? await intoThread(message, {
                rest,
                clock,
                signal,
                onRefused: (error) =>
                  once("thread", "a thread could not be opened: the answer stays in the channel", error),
              })
            : message;
        await accept(placed);
        return;
      }
      case "command":
      case "callback": {
        const acceptance = await accept(reading.message, { answersSender: true });
        // Acknowledging is a call of its own, which the next message need not wait for.
        if (acceptance !== null) void interactions.decided(reading.interaction, acceptance);
        return;
      }
      case "edited":
        try {
          const { chatId, messageId, text } = reading;
          // A message that opened a thread belongs to it.
          await intake.edited({ chatId: autoThread && reading.hasThread ? messageId : chatId, messageId, text });
        } catch (error) {
          events.warning("the edit of a message could not be stored", error);
        }
        return;
      case "ignored":
        events.ignored(reading.why);
        if (reading.why === "no_content") once("content", CONTENT_MISSING);
        return;
    }
  };
}

function warnOnce(events: AdapterEvents): (what: string, detail: string, error?: unknown) => void {
  const said = new Set<string>();
  return (what, detail, error) => {
    if (said.has(what)) return;
    said.add(what);
    events.warning(detail, error);
  };
}
