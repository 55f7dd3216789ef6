import type { AssistantModelMessage, LanguageModelStreamPart, ModelMessage, ProviderMetadata } from "ai";

type ReplayPart = Exclude<AssistantModelMessage["content"], string>[number];
type OpenPart = { readonly type: "text" | "reasoning"; text: string; metadata: ProviderMetadata | undefined };

/** Gathers what a model says in one call as the message that shows it to the model again, signatures of its thoughts included. */
export interface Replay {
  take(part: LanguageModelStreamPart): void;
  message(): ModelMessage;
}

/** Begins with nothing said. */
export function replay(): Replay {
  const parts: (OpenPart | ReplayPart)[] = [];
  const open = new Map<string, OpenPart>();
  const begin = (id: string, type: OpenPart["type"], metadata: ProviderMetadata | undefined) => {
    const part: OpenPart = { type, text: "", metadata };
    open.set(`${type} ${id}`, part);
    parts.push(part);
  };
  const extend = (id: string, type: OpenPart["type"], delta: string, metadata: ProviderMetadata | undefined) => {
    const part = open.get(`${type} ${id}`);
    if (part === undefined) return; // the SDK opens every part it extends
    part.text += delta;
    part.metadata = metadata ?? part.metadata;
  };
  return {
    take(part) {
      switch (part.type) {
        case "text-start":
          return begin(part.id, "text", part.providerMetadata);
        case "reasoning-start":
          return begin(part.id, "reasoning", part.providerMetadata);
        case "text-delta":
          return extend(part.id, "text", part.text, part.providerMetadata);
        case "reasoning-delta":
          return extend(part.id, "reasoning", part.text, part.providerMetadata);
        case "text-end":
          return extend(part.id, "text", "", part.providerMetadata);
        case "reasoning-end":
          return extend(part.id, "reasoning", "", part.providerMetadata);
        case "tool-call": {
          const { toolCallId, toolName, providerMetadata } = part;
          const input: unknown = part.input;
          // What is no object, the model made a mistake with; providers take only objects back.
          const object = typeof input === "object" && input !== null ? input : {};
          parts.push({ type: "tool-call", toolCallId, toolName, input: object, ...optionsOf(providerMetadata) });
          return;
        }
        default:
          return;
      }
    },
    message: () => ({
      role: "assistant",
      content: parts.flatMap((part) => ("metadata" in part ? closed(part) : [part])),
    }),
  };
}

function closed({ type, text, metadata }: OpenPart): readonly ReplayPart[] {
  return text === "" && metadata === undefined ? [] : [{ type, text, ...optionsOf(metadata) }];
}

function optionsOf(metadata: ProviderMetadata | undefined) {
  return metadata === undefined ? {} : { providerOptions: metadata };
}
