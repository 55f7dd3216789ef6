import { Routes } from "discord.js";
import { z } from "zod";
import { readyPayload } from "./payload.ts";
import type { Rest } from "./rest.ts";

/** Who the bot is. */
export interface Self {
  /** The bot's user id; null before the first session. */
  botId(): string | null;
  /** Learns from READY. */
  learn(ready: unknown): void;
  /** The same, asked for where no session has told it yet; throws what the call throws. */
  loadBotId(): Promise<string>;
  loadApplicationId(): Promise<string>;
}

const withId = z.object({ id: z.string() });

/** Opens it, not knowing anything. */
export function openSelf(rest: Rest): Self {
  let botId: string | null = null;
  let applicationId: string | null = null;
  return {
    botId: () => botId,
    learn(ready) {
      const parsed = readyPayload.parse(ready);
      botId = parsed.user.id;
      applicationId = parsed.application.id;
    },
    async loadBotId() {
      botId ??= withId.parse(await rest.call("get", Routes.user())).id;
      return botId;
    },
    async loadApplicationId() {
      applicationId ??= withId.parse(await rest.call("get", Routes.currentApplication())).id;
      return applicationId;
    },
  };
}
