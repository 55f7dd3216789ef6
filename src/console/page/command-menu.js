import { ask } from "./api.js";
import { element } from "./element.js";

/** @typedef {{ readonly name: string, readonly usage: string, readonly summary: string }} Command */

/**
 * Completes commands while they are typed: arrows choose, Enter and Tab take, Escape closes.
 * @param {HTMLTextAreaElement} field
 * @param {HTMLDivElement} list
 * @param {() => void} onTaken called when the field was filled in
 */
export function commandMenu(field, list, onTaken) {
  /** @type {readonly Command[] | null} */
  let commands = null;
  /** @type {readonly Command[]} */
  let shown = [];
  let chosen = 0;

  const close = () => {
    shown = [];
    list.hidden = true;
    list.replaceChildren();
    field.removeAttribute("aria-activedescendant");
  };
  const take = (/** @type {Command} */ command) => {
    field.value = nameOf(command) + (command.usage === "" ? "" : " ");
    close();
    onTaken();
    field.focus();
  };
  const draw = () => {
    list.hidden = false;
    list.replaceChildren(
      ...shown.map((command, place) => {
        const row = element("div", { id: rowId(command), role: "option", "aria-selected": String(place === chosen) }, [
          element("span", { class: "command" }, [`${nameOf(command)} ${command.usage}`]),
          element("span", { class: "summary" }, [command.summary]),
        ]);
        // Before the field loses the focus.
        row.addEventListener("mousedown", (event) => {
          event.preventDefault();
          take(command);
        });
        return row;
      }),
    );
    const row = list.children[chosen];
    if (row === undefined) return;
    field.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
  };
  const update = async () => {
    const typed = /^\/([a-z]*)$/i.exec(field.value)?.[1]?.toLowerCase();
    if (typed === undefined) return close();
    commands ??= await ask("GET", "/api/commands").then(
      (answer) => answer.commands,
      () => null,
    );
    // More may have been typed meanwhile: that has an update of its own.
    if (field.value.toLowerCase() !== `/${typed}`) return;
    shown = (commands ?? []).filter(({ name }) => name.startsWith(typed));
    chosen = 0;
    if (shown.length === 0) close();
    else draw();
  };
  field.addEventListener("input", () => void update());
  field.addEventListener("blur", close);

  return {
    close,
    /**
     * Whether a key was for the menu.
     * @param {KeyboardEvent} event
     */
    takesKey({ key, shiftKey }) {
      const command = shown[chosen];
      if (command === undefined || shiftKey) return false;
      if (key === "ArrowDown" || key === "ArrowUp") {
        chosen = (chosen + (key === "ArrowDown" ? 1 : shown.length - 1)) % shown.length;
        draw();
      } else if (key === "Escape") close();
      // What is typed in full is sent.
      else if (key === "Tab" || (key === "Enter" && field.value !== nameOf(command))) take(command);
      else return false;
      return true;
    },
  };
}

/** @param {Command} command */
function nameOf({ name }) {
  return `/${name}`;
}

/** @param {Command} command */
function rowId({ name }) {
  return `command-${name}`;
}
