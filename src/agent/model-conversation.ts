import type { FilePart, ModelMessage, TextPart } from "ai";
import type { AgentMessage, TurnContext, TurnRequest } from "./backend.ts";
import { attachmentParts, namedOnly } from "./model-attachments.ts";
import { modelMessages, newerHalf, roughTokens } from "./model-messages.ts";
import type { ModelOptions } from "./model-options.ts";
import type { ModelProvider } from "./model-provider.ts";

/** What stands where a message has neither text nor files: models refuse empty ones. */
const NO_TEXT = "(no text)";

/** What a model is shown in one turn. */
export interface Conversation {
  readonly instructions: ModelMessage & { readonly role: "system" };
  /** What stands for earlier lines; empty for nothing. */
  readonly earlier: string;
  readonly lines: readonly AgentMessage[];
  /** What is remembered; empty for nothing. */
  readonly remembered: string;
  /** The message to answer. */
  readonly parts: readonly (TextPart | FilePart)[];
  /** The message with its files by name only; null when that is what `parts` is. */
  readonly partsWithoutFiles: readonly TextPart[] | null;
  /** What the model and its tools said in this turn. */
  readonly steps: readonly ModelMessage[];
  /** False when the model turned out to take none. */
  readonly hasTools: boolean;
  /** Has older lines archived; null once it was tried, and where nothing can be. */
  readonly shorten: (() => Promise<TurnContext | null>) | null;
  /** Whether the lines were halved. */
  readonly isHalved: boolean;
}

/** Puts together what the model is shown first: reads the context, and the message's files from the disk. */
export async function openConversation(
  request: TurnRequest,
  options: ModelOptions,
  provider: ModelProvider,
): Promise<Conversation> {
  const { text, attachments } = request.message;
  const said: TextPart[] = text.trim() === "" ? [] : [{ type: "text", text }];
  if (request.attempt > 1 && request.tools.length > 0) {
    const words = `[This is attempt ${request.attempt}: an earlier one broke off, and what its tools did may be done already.]`;
    said.push({ type: "text", text: words });
  }
  const files = await attachmentParts(attachments, provider.takes);
  const parts = [...said, ...files];
  const hasFiles = files.some(({ type }) => type === "file");
  const instructions = systemMessage(request, options, provider);
  const { historyMessages, historyTokens, contextTokens } = options;
  const besides = roughTokens(instructions.content) + roughTokens(text);
  const tokens = contextTokens === null ? historyTokens : Math.max(0, contextTokens - besides);
  return {
    instructions,
    ...(await request.context({ messages: historyMessages, tokens })),
    parts: parts.length === 0 ? [{ type: "text", text: NO_TEXT }] : parts,
    partsWithoutFiles: hasFiles ? [...said, ...attachments.map(namedOnly)] : null,
    steps: [],
    hasTools: request.tools.length > 0,
    shorten: request.shorten,
    isHalved: false,
  };
}

/** The conversation after older lines of it were archived; null where that was tried before, or changed nothing. */
export async function shortened(conversation: Conversation): Promise<Conversation | null> {
  const context = (await conversation.shorten?.()) ?? null;
  return context === null ? null : { ...conversation, ...context, shorten: null };
}

/** The conversation with half of its history; null when it was halved before, or has none. */
export function halved(conversation: Conversation): Conversation | null {
  if (conversation.isHalved || conversation.lines.length === 0) return null;
  return { ...conversation, lines: newerHalf(conversation.lines), shorten: null, isHalved: true };
}

/** The conversation with its files by name only; null when it has none. */
export function withoutFiles(conversation: Conversation): Conversation | null {
  const { partsWithoutFiles } = conversation;
  return partsWithoutFiles === null ? null : { ...conversation, parts: partsWithoutFiles, partsWithoutFiles: null };
}

/** The conversation without tools; null when it has none, or they were called already. */
export function withoutTools(conversation: Conversation): Conversation | null {
  return conversation.hasTools && conversation.steps.length === 0 ? { ...conversation, hasTools: false } : null;
}

/** The messages of a call; the last one of the assistant in the history carries the cache's mark: up to there nothing changes. */
export function messagesOf(conversation: Conversation, cacheMark: ModelProvider["cacheMark"]): ModelMessage[] {
  const { earlier, remembered, lines } = conversation;
  const before: readonly AgentMessage[] = earlier === "" ? [] : [{ role: "system", text: earlier, atMs: 0 }];
  const history = [...modelMessages([...before, ...lines])];
  const last = history.at(-1);
  const unanswered = last?.role === "user" && typeof last.content === "string" ? last.content : null;
  if (unanswered !== null) history.pop();
  const answer = history.at(-1);
  if (answer !== undefined && cacheMark !== null) history[history.length - 1] = { ...answer, ...marked(cacheMark) };
  const known = [unanswered ?? "", remembered].filter((text) => text !== "");
  const parts = [...known.map((text): TextPart => ({ type: "text", text })), ...conversation.parts];
  const texts = parts.flatMap((part) => (part.type === "text" ? [part.text] : []));
  // Some servers take a list of parts only from models that see images.
  const content = texts.length === parts.length ? texts.join("\n\n") : [...parts];
  return [...history, { role: "user", content }, ...conversation.steps];
}

function systemMessage(
  request: TurnRequest,
  { instructions }: ModelOptions,
  { cacheMark }: ModelProvider,
): Conversation["instructions"] & { readonly content: string } {
  const content = [instructions ?? "", request.prompt()].filter((text) => text !== "").join("\n\n");
  return { role: "system", content, ...marked(cacheMark) };
}

function marked(cacheMark: ModelProvider["cacheMark"]) {
  return cacheMark === null || cacheMark === undefined ? {} : { providerOptions: cacheMark };
}
