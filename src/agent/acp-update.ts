import { z } from "zod";

const content = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("image"), data: z.base64(), mimeType: z.string() }),
  z.object({ type: z.literal("audio"), data: z.base64(), mimeType: z.string() }),
  z.object({ type: z.literal("resource_link"), name: z.string(), uri: z.string() }),
]);
const toolFields = {
  toolCallId: z.string(),
  name: z.string().nullish(),
  kind: z.string().nullish(),
  status: z.enum(["pending", "in_progress", "completed", "failed"]).nullish().catch(null),
};
const cost = z.object({ amount: z.number().nonnegative(), currency: z.string() }).nullish().catch(null);
const notification = z.object({
  sessionId: z.string(),
  update: z.discriminatedUnion("sessionUpdate", [
    z.object({ sessionUpdate: z.literal("agent_message_chunk"), content, messageId: z.string().nullish() }),
    z.object({ sessionUpdate: z.literal("tool_call"), ...toolFields, title: z.string() }),
    z.object({ sessionUpdate: z.literal("tool_call_update"), ...toolFields, title: z.string().nullish() }),
    z.object({ sessionUpdate: z.literal("usage_update"), cost }),
  ]),
});

/** One update of an agent's session that means something to a chat: a piece of its answer, what it does with a tool, or what it has cost. */
export type AcpUpdate = z.output<typeof notification>["update"];

/** Reads the parameters of `session/update`; null for plans, thoughts, modes and whatever newer agents say besides. */
export function readAcpUpdate(params: unknown): { readonly sessionId: string; readonly update: AcpUpdate } | null {
  return notification.safeParse(params).data ?? null;
}
