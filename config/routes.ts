import { z } from "zod";
import { agentName, fieldFacts, idText, platformName } from "./field.ts";

const match = z
  .object({
    platform: platformName().exactOptional().describe("The platform's name. Default any."),
    workspaceId: idText().exactOptional().describe("Slack team or Discord guild. Default any."),
    chatType: z.enum(["dm", "group", "channel", "thread"]).exactOptional().describe("Kind of chat. Default any."),
    chatId: idText().exactOptional().describe("The chat, or the channel a thread hangs in. Default any."),
    threadId: idText().exactOptional().describe("Thread or topic. Default any."),
    userId: idText().exactOptional().describe("Who writes. Default anybody."),
  })
  .refine((fields) => Object.keys(fields).length > 0)
  .register(fieldFacts, {
    expected: "at least one of platform, workspaceId, chatType, chatId, threadId, userId",
    advice: "A route without conditions would take everything; the agent for that is main.",
  });

/** Which agent answers where. */
export const routeSection = z.object({
  match: match.describe("All of these must hold."),
  agent: agentName().describe("Name of an agent under agents."),
});

/** One route; the first that matches wins, and without one the agent is `main`. */
export type RouteConfig = Readonly<z.output<typeof routeSection>>;
