import { element } from "./element.js";
import { messageText } from "./message-text.js";
import { postedFile } from "./posted-file.js";
import { fullTime, messageTime } from "./relative-time.js";
import { treeNodes } from "./tree-nodes.js";
import { treeOf } from "./trees.js";

/**
 * One message as it is shown.
 * @typedef {object} ShownMessage
 * @property {"user" | "assistant" | "system" | "tool"} role
 * @property {string} who a name that people gave, or ours
 * @property {string} text
 * @property {import("./trees.js").Tree | null} [tree] the text formatted; absent or null: as `treeOf` knows it
 * @property {number} atMs
 * @property {"done" | "sending" | "failed" | "growing"} state
 * @property {string} [kind] of a post: `notice`, `command`, `failure` look unlike an answer
 * @property {number} [outboxId] of a post: its number
 * @property {readonly { readonly label: string, readonly command: string, readonly style?: string }[]} [buttons] of a post
 * @property {{ readonly name: string, readonly mimeType: string, readonly sizeBytes: number } | null} [file] of a post
 * @property {readonly string[]} [files] that came with a person's message, by name
 * @property {string} [problem] why it could not be sent
 */

/**
 * The list item of a message.
 * @param {ShownMessage} message
 * @param {{ readonly nowMs: number, readonly onRetry?: () => void, readonly onPress?: (command: string) => void }} about
 */
export function messageItem(message, { nowMs, onRetry, onPress }) {
  const { role, who, atMs, state, kind = "reply", problem } = message;
  const item = element("li", { class: "message", "data-role": role, "data-kind": kind, "data-state": state }, [
    element("div", { class: "meta" }, [
      element("span", { class: "who" }, [who]),
      element("time", { datetime: new Date(atMs).toISOString(), title: fullTime(atMs) }, [messageTime(atMs, nowMs)]),
    ]),
    element("div", { class: "body" }, bodyOf(message)),
  ]);
  if (message.buttons !== undefined && message.buttons.length > 0) item.append(buttonRow(message.buttons, onPress));
  if (state === "sending") item.append(element("p", { class: "note" }, ["Sending…"]));
  if (state === "failed") {
    const retry = element("button", { type: "button", class: "plain" }, ["Send again"]);
    retry.addEventListener("click", () => onRetry?.());
    item.append(element("p", { class: "note problem", role: "alert" }, [problem ?? "Not sent.", " ", retry]));
  }
  return item;
}

/** @param {ShownMessage} message */
function bodyOf({ role, text, tree, file, outboxId, files = [] }) {
  // The text of a file's post says where it lies on the daemon's disk: for people at its terminal.
  if (file !== undefined && file !== null && outboxId !== undefined) return [postedFile(outboxId, file)];
  const formatted = tree ?? (role === "assistant" ? treeOf(text) : undefined);
  const nodes = formatted === undefined ? messageText(text) : treeNodes(formatted);
  if (files.length === 0) return nodes;
  const names = files.map((name) => element("li", { dir: "auto" }, [name]));
  return [...nodes, element("ul", { class: "came-with", "aria-label": "Files" }, names)];
}

/**
 * @param {NonNullable<ShownMessage["buttons"]>} buttons
 * @param {((command: string) => void) | undefined} onPress
 */
function buttonRow(buttons, onPress) {
  return element(
    "div",
    { class: "choices", role: "group", "aria-label": "Answers" },
    buttons.map(({ label, command, style }) => {
      const button = element("button", { type: "button", class: style ?? null, title: command, dir: "auto" }, [label]);
      button.addEventListener("click", () => onPress?.(command));
      return button;
    }),
  );
}
