import { untrustedLine } from "../session/untrusted-text.ts";
import type { AcpUpdate } from "./acp-update.ts";
import type { AgentEvent } from "./backend.ts";

/** Tool calls of one turn whose titles are remembered; later ones are shown without. */
const MAX_TOOL_CALLS = 1000;

/** An update that people see something of. */
type SeenUpdate = Exclude<AcpUpdate, { readonly sessionUpdate: "usage_update" }>;
type ToolUpdate = Exclude<SeenUpdate, { readonly sessionUpdate: "agent_message_chunk" }>;
type ToolPhase = (AgentEvent & { readonly kind: "tool" })["phase"];

/** Turns an agent's updates during one prompt into events; it remembers what they leave out. */
export function acpAnswer(): {
  readonly eventsOf: (update: SeenUpdate) => readonly AgentEvent[];
  /** What a tool call is called, for a question about it; null when the agent never said. */
  readonly titleOf: (toolCallId: string) => string | null;
} {
  const tools = new Map<string, { readonly name: string; readonly title: string; readonly phase: ToolPhase }>();
  let text = "";
  let messageId: string | null = null;
  let isInterrupted = false;

  const say = (delta: string): readonly AgentEvent[] => {
    // What is said after a tool call is a paragraph of its own, as the agent's own screen shows it.
    const gap = isInterrupted && text !== "" && !/^\s*\n/.test(delta) ? (text.endsWith("\n") ? "\n" : "\n\n") : "";
    isInterrupted = false;
    if (delta !== "") text = delta.slice(-1);
    return delta === "" ? [] : [{ kind: "text", delta: gap + delta }];
  };
  const chunk = (update: AcpUpdate & { readonly sessionUpdate: "agent_message_chunk" }) => {
    const id = update.messageId ?? null;
    if (id !== null && messageId !== null && id !== messageId) isInterrupted = true;
    messageId = id ?? messageId;
    const { content } = update;
    switch (content.type) {
      case "text":
        return say(content.text);
      case "resource_link":
        return say(`${untrustedLine(content.name)}: ${untrustedLine(content.uri)}`);
      case "image":
      case "audio":
        return [fileOf(content)];
    }
  };
  const tool = (update: ToolUpdate): readonly AgentEvent[] => {
    isInterrupted = true;
    const known = tools.get(update.toolCallId);
    const name = untrustedLine(update.name ?? update.kind ?? known?.name ?? "tool");
    const title = untrustedLine(update.title ?? known?.title ?? "");
    const phase = phaseOf(update.status ?? null) ?? known?.phase ?? "started";
    if (known !== undefined || tools.size < MAX_TOOL_CALLS) tools.set(update.toolCallId, { name, title, phase });
    // A call is told of when it begins and when it ends, not at every bit of its output.
    if (known?.phase === phase) return [];
    return [{ kind: "tool", name, phase, ...(title === "" ? {} : { summary: title }) }];
  };
  return {
    eventsOf: (update) => (update.sessionUpdate === "agent_message_chunk" ? chunk(update) : tool(update)),
    titleOf: (toolCallId) => tools.get(toolCallId)?.title ?? null,
  };
}

function phaseOf(status: ToolUpdate["status"]): ToolPhase | null {
  switch (status) {
    case "completed":
      return "finished";
    case "failed":
      return "failed";
    case "pending":
    case "in_progress":
      return "started";
    case null:
    case undefined:
      return null;
  }
}

function fileOf(content: { readonly type: string; readonly data: string; readonly mimeType: string }): AgentEvent {
  const ending = /^[a-z]+\/([a-z0-9]{1,8})/.exec(content.mimeType)?.[1];
  const name = ending === undefined ? content.type : `${content.type}.${ending}`;
  return { kind: "file", name, mimeType: content.mimeType, data: Buffer.from(content.data, "base64") };
}
