import { element } from "./element.js";
import { messageText } from "./message-text.js";
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
 * @property {string} [problem] why it could not be sent
 */

/**
 * The list item of a message.
 * @param {ShownMessage} message
 * @param {{ readonly nowMs: number, readonly onRetry?: () => void }} about
 */
export function messageItem(message, { nowMs, onRetry }) {
  const { role, who, text, atMs, state, kind = "reply", problem } = message;
  const tree = message.tree ?? (role === "assistant" ? treeOf(text) : undefined);
  const item = element("li", { class: "message", "data-role": role, "data-kind": kind, "data-state": state }, [
    element("div", { class: "meta" }, [
      element("span", { class: "who" }, [who]),
      element("time", { datetime: new Date(atMs).toISOString(), title: fullTime(atMs) }, [messageTime(atMs, nowMs)]),
    ]),
    element("div", { class: "body" }, tree === undefined ? messageText(text) : treeNodes(tree)),
  ]);
  if (state === "sending") item.append(element("p", { class: "note" }, ["Sending…"]));
  if (state === "failed") {
    const retry = element("button", { type: "button", class: "plain" }, ["Send again"]);
    retry.addEventListener("click", () => onRetry?.());
    item.append(element("p", { class: "note problem", role: "alert" }, [problem ?? "Not sent.", " ", retry]));
  }
  return item;
}
