import type { PermissionOption, RequestPermissionOutcome, RequestPermissionRequest } from "@agentclientprotocol/sdk";
import { visibleText } from "../observe/visible-text.ts";
import { cutText, untrustedLine } from "../session/untrusted-text.ts";
import type { ApprovalQuestion } from "./backend.ts";

/** Longest detail of a question, in UTF-16 units: a command or a change that one can still judge in a chat. */
const MAX_DETAIL_LENGTH = 1500;

/** What people are asked when an agent wants a permission. Its words are the model's: cut, and nothing invisible in them. */
export function permissionQuestion(request: RequestPermissionRequest, knownTitle: string | null): ApprovalQuestion {
  const { toolCall, options } = request;
  const title = untrustedLine(toolCall.title ?? knownTitle ?? toolCall.kind ?? "");
  const lasts = optionFor(options, true)?.kind === "allow_always" ? " (from now on)" : "";
  return { title: `${title || "Use a tool"}${lasts}`, detail: detailOf(toolCall) };
}

/** The agent's own option for what people said; `cancelled` when it has none that grants or refuses just that. */
export function permissionOutcome(options: readonly PermissionOption[], isAllowed: boolean): RequestPermissionOutcome {
  const option = optionFor(options, isAllowed);
  return option === undefined ? { outcome: "cancelled" } : { outcome: "selected", optionId: option.optionId };
}

/** This once where the agent offers it; a lasting one only where it offers nothing else, and then the question says so. */
function optionFor(options: readonly PermissionOption[], isAllowed: boolean): PermissionOption | undefined {
  const kinds = isAllowed ? (["allow_once", "allow_always"] as const) : (["reject_once", "reject_always"] as const);
  return kinds.map((kind) => options.find((option) => option.kind === kind)).find((option) => option !== undefined);
}

function detailOf({ rawInput, content, locations }: RequestPermissionRequest["toolCall"]): string {
  const parts = [
    ...(content ?? []).flatMap((part) => {
      if (part.type === "diff") return [`${part.path}\n${part.newText}`];
      return part.type === "content" && part.content.type === "text" ? [part.content.text] : [];
    }),
    ...(isEmpty(rawInput) ? [] : [inputText(rawInput)]),
    ...(locations ?? []).map(({ path }) => path),
  ];
  const lines = parts.join("\n").split("\n").map(visibleText);
  return cutText(lines.join("\n").trim(), MAX_DETAIL_LENGTH);
}

function isEmpty(input: unknown): boolean {
  return input === undefined || input === null || (typeof input === "object" && Object.keys(input).length === 0);
}

/** A command as it is typed, anything else as JSON. */
function inputText(input: unknown): string {
  if (typeof input === "string") return input;
  const command = typeof input === "object" && input !== null && "command" in input ? input.command : null;
  const rest = typeof input === "object" && input !== null ? Object.keys(input).length : 0;
  return typeof command === "string" && rest === 1 ? command : JSON.stringify(input, null, 2);
}
