import { ask } from "./api.js";
import { byId } from "./element.js";

/** Asks for a session's title in a dialog. */
export function renameDialog() {
  const dialog = byId("rename", HTMLDialogElement);
  const form = byId("rename-form", HTMLFormElement);
  const input = byId("title", HTMLInputElement);
  const problem = byId("rename-problem", HTMLParagraphElement);
  /** @type {string | null} */
  let sessionId = null;
  /** @type {() => void} */
  let onDone = () => {};

  byId("rename-cancel", HTMLButtonElement).addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const title = input.value.trim();
      await ask("PATCH", `/api/sessions/${sessionId}`, { title: title === "" ? null : title });
      dialog.close();
      onDone();
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  });
  return {
    /**
     * @param {any} session
     * @param {() => void} done called when the title is changed
     */
    open(session, done) {
      sessionId = session.sessionId;
      onDone = done;
      input.value = session.title ?? "";
      problem.textContent = "";
      dialog.showModal();
      input.select();
    },
  };
}
