import { attachments } from "./attachments.js";
import { commandMenu } from "./command-menu.js";
import { draft } from "./draft.js";
import { byId } from "./element.js";

/**
 * The field where a message is written: Enter sends, Shift and Enter begins a new line, `/` offers commands, files come by button,
 * paste and drop. What is not sent yet outlives a reload.
 * @param {object} options
 * @param {string} options.name tells one conversation's draft from another's
 * @param {(text: string, besides: import("./conversation.js").Besides) => void} options.send
 */
export function composer({ name, send }) {
  const form = byId("composer", HTMLFormElement);
  const field = byId("text", HTMLTextAreaElement);
  const kept = draft(name);
  const attached = attachments({ field, area: byId("chat", HTMLElement) });

  const grow = () => {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  };
  const changed = () => {
    kept.keep(field.value);
    grow();
  };
  const menu = commandMenu(field, byId("commands", HTMLDivElement), changed);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value;
    if ((text.trim() === "" && attached.isEmpty()) || !attached.isSound()) return;
    field.value = "";
    menu.close();
    changed();
    send(text, attached.isEmpty() ? {} : attached.take());
    field.focus();
  });
  field.addEventListener("input", changed);
  field.addEventListener("keydown", (event) => {
    // While a word is being composed (Japanese, say), keys choose the word.
    if (event.isComposing) return;
    if (menu.takesKey(event)) {
      event.preventDefault();
      return;
    }
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    form.requestSubmit();
  });
  field.value = kept.text();
  return {
    focus: () => field.focus(),
    /** A field that was not seen had no size for its text. */
    seen: grow,
    limitFiles: attached.limit,
  };
}
