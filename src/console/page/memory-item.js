import { element } from "./element.js";
import { fullTime, relativeTime } from "./relative-time.js";

/**
 * Something that is remembered, with where it comes from and what can be done about it.
 * @param {any} memory
 * @param {{ readonly onForget: () => Promise<void>, readonly onCorrect: (text: string) => Promise<void> }} acts
 */
export function memoryItem(memory, { onForget, onCorrect }) {
  const item = element("li", { class: "memory", "data-state": memory.state }, [
    element("p", { class: "content", dir: "auto" }, [memory.content]),
    element("p", { class: "meta" }, metaOf(memory)),
  ]);
  const correct = element("button", { type: "button", class: "plain" }, ["Correct"]);
  const forget = element("button", { type: "button", class: "plain" }, ["Forget"]);
  const acts = element("div", { class: "acts" }, [forget]);
  // What one conversation has learned is not kept beyond it yet: there is nothing to put in its place.
  if (memory.state === "active") acts.prepend(correct);
  correct.addEventListener("click", () => {
    const form = correction(memory, onCorrect, () => {
      form.remove();
      acts.hidden = false;
      correct.focus();
    });
    acts.hidden = true;
    item.append(form);
    form.querySelector("textarea")?.focus();
  });
  // The second press does it.
  forget.addEventListener("click", () => {
    if (forget.textContent === "Forget") forget.textContent = "Forget for good?";
    else void onForget();
  });
  forget.addEventListener("blur", () => {
    forget.textContent = "Forget";
  });
  item.append(acts);
  return item;
}

/** @param {any} memory */
function metaOf({ scope, state, toldExplicitly, saidBy, source, validFromMs }) {
  const nodes = [
    element("span", { dir: "auto" }, [scopeName(scope)]),
    element("span", {}, [toldExplicitly ? "told" : state === "preliminary" ? "found, not kept yet" : "found"]),
    element("time", { datetime: new Date(validFromMs).toISOString(), title: fullTime(validFromMs) }, [
      relativeTime(validFromMs, Date.now()),
    ]),
  ];
  if (saidBy !== null) nodes.push(element("span", { dir: "auto" }, [`said by ${saidBy.name ?? saidBy.userId}`]));
  if (source !== null) nodes.push(sourceOf(source));
  return nodes;
}

/** @param {any} source */
function sourceOf({ sessionId, description, fromSeq, toSeq }) {
  if (description === null) return element("span", {}, ["from a conversation that is gone"]);
  const lines = fromSeq === null ? "" : fromSeq === toSeq ? `, line ${fromSeq}` : `, lines ${fromSeq} to ${toSeq}`;
  const place = fromSeq === null ? "" : `/${fromSeq}`;
  return element("a", { href: `#/session/${sessionId}${place}`, dir: "auto" }, [`${description}${lines}`]);
}

/**
 * @param {any} memory
 * @param {(text: string) => Promise<void>} onCorrect
 * @param {() => void} onCancel
 */
function correction(memory, onCorrect, onCancel) {
  const text = element("textarea", { rows: "2", dir: "auto", maxlength: "1000", "aria-label": "How it should be" });
  text.value = memory.content;
  const problem = element("p", { class: "problem", role: "alert" });
  const cancel = element("button", { type: "button" }, ["Cancel"]);
  const form = element("form", { class: "correction" }, [
    text,
    problem,
    element("div", { class: "acts" }, [cancel, element("button", { type: "submit", class: "primary" }, ["Save"])]),
  ]);
  cancel.addEventListener("click", onCancel);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await onCorrect(text.value);
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  });
  return form;
}

/**
 * What a scope is called: `telegram: person 42`.
 * @param {string} scope
 * @returns {string}
 */
export function scopeName(scope) {
  const [kind = "", ...parts] = scope.split(":").map(decoded);
  const [one = "", account = "", id = ""] = parts;
  switch (kind) {
    case "user":
    case "chat":
      return `${account === "default" ? one : `${one}@${account}`}: ${kind === "user" ? "person" : "chat"} ${id}`;
    case "agent":
      return `agent ${one}`;
    case "session":
      return `conversation ${one}`;
    default:
      return kind === "global" ? "everybody" : scope;
  }
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    // A broken escape is shown as it is.
    return part;
  }
}
