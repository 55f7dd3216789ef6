import { ask } from "./api.js";
import { byId } from "./element.js";

/**
 * The login form, shown when the daemon wants its token.
 * @param {() => void} onDone called when the token was right
 */
export function loginForm(onDone) {
  const section = byId("login", HTMLElement);
  const input = byId("token", HTMLInputElement);
  const problem = byId("login-error", HTMLParagraphElement);

  byId("login-form", HTMLFormElement).addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    try {
      await ask("POST", "/api/login", { token: input.value });
      input.value = "";
      section.hidden = true;
      onDone();
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
      input.select();
    }
  });
  return {
    show() {
      section.hidden = false;
      input.focus();
    },
  };
}
