import { byId } from "./element.js";

/**
 * The field where a message is written: Enter sends, Shift and Enter begins a new line.
 * @param {(text: string) => void} send
 */
export function composer(send) {
  const form = byId("composer", HTMLFormElement);
  const field = byId("text", HTMLTextAreaElement);

  const grow = () => {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value;
    if (text.trim() === "") return;
    field.value = "";
    grow();
    send(text);
    field.focus();
  });
  field.addEventListener("input", grow);
  field.addEventListener("keydown", (event) => {
    // While a word is being composed (Japanese, say), Enter chooses the word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  return { focus: () => field.focus() };
}
