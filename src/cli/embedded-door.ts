import type { Config } from "../../config/config.ts";
import type { Log } from "../observe/log.ts";
import { type ChatDoor, chatEvent, type Speaker } from "./chat-door.ts";

/** Longest wait for one answer: beyond any turn's limit and its repetitions. */
const MAX_ANSWER_MS = 24 * 3_600_000;

/** Opens a daemon of our own, without HTTP server; throws an `InstanceLockedError` when another one has the data directory. */
export async function embeddedDoor(config: Config, log: Log, speaker: Speaker): Promise<ChatDoor> {
  const { startDaemon } = await import("../main.ts");
  const daemon = await startDaemon({ config, log, consoleEnabled: false });
  const unsubscribes: (() => void)[] = [];
  return {
    description: "no daemon runs, so this terminal answers by itself",
    async ask({ text, messageId }, signal) {
      const acceptance = await daemon.receiveLocal({ ...speaker, text, messageId });
      if (acceptance.kind === "refused") return { kind: "refused", message: acceptance.message };
      const reply = await daemon.gateway.waitForReply(acceptance.inboxId, MAX_ANSWER_MS, signal);
      return reply === null ? { kind: "left" } : { kind: "answered", inboxId: acceptance.inboxId, text: reply.text };
    },
    watch(onEvent) {
      unsubscribes.push(
        daemon.gateway.feed.subscribe((event) => {
          if (!("place" in event) || event.place.platform !== "local" || event.place.chatId !== speaker.chatId) return;
          const read = chatEvent.safeParse(event);
          if (read.success) onEvent(read.data);
        }),
      );
    },
    async [Symbol.asyncDispose]() {
      for (const unsubscribe of unsubscribes) unsubscribe();
      await daemon.stop("chat");
    },
  };
}
