import { ApiError, sendFile } from "./api.js";
import { byId, element } from "./element.js";
import { sizeText } from "./posted-file.js";

/** Most files of one message: the daemon takes no more. */
const MAX_FILES = 10;

/**
 * A file for the next message: it is handed over at once, so that the message need not wait for it.
 * @typedef {object} Attached
 * @property {File} file
 * @property {Promise<any>} sent resolves with what the daemon calls it
 * @property {string | null} problem why it could not be handed over
 * @property {string} state for the person
 */

/**
 * Files chosen, pasted or dropped for the next message.
 * @param {{ readonly field: HTMLTextAreaElement, readonly area: HTMLElement }} where a file is pasted into the field, dropped on the area
 */
export function attachments({ field, area }) {
  const list = byId("attached", HTMLUListElement);
  const input = byId("files", HTMLInputElement);
  /** @type {Attached[]} */
  let attached = [];
  let maxBytes = Number.POSITIVE_INFINITY;

  const draw = () => {
    list.hidden = attached.length === 0;
    list.replaceChildren(...attached.map(chip));
  };
  const chip = (/** @type {Attached} */ one) => {
    const label = `Remove ${one.file.name}`;
    const remove = element("button", { type: "button", class: "plain", "aria-label": label }, ["\u00d7"]);
    remove.addEventListener("click", () => {
      attached = attached.filter((other) => other !== one);
      draw();
      field.focus();
    });
    const isBad = one.problem !== null;
    return element("li", { "data-state": isBad ? "failed" : null }, [
      element("span", { class: "file-name", dir: "auto" }, [one.file.name]),
      element("span", { class: "file-size", role: isBad ? "alert" : null }, [one.problem ?? one.state]),
      remove,
    ]);
  };
  const handOver = (/** @type {Attached} */ one) => {
    one.problem = null;
    one.state = "Uploading\u2026";
    one.sent = sendFile(one.file);
    one.sent.then(
      () => {
        one.state = sizeText(one.file.size);
        draw();
      },
      (error) => {
        one.problem = error instanceof ApiError ? error.message : "Not uploaded.";
        draw();
      },
    );
  };
  const add = (/** @type {FileList | undefined} */ files) => {
    for (const file of [...(files ?? [])].slice(0, MAX_FILES - attached.length)) {
      /** @type {Attached} */
      const one = { file, sent: Promise.resolve(null), problem: null, state: "" };
      if (file.size > maxBytes) one.problem = `Too large: at most ${sizeText(maxBytes)}.`;
      else handOver(one);
      attached.push(one);
    }
    draw();
  };

  byId("attach", HTMLButtonElement).addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    add(input.files ?? undefined);
    input.value = "";
    field.focus();
  });
  field.addEventListener("paste", (event) => {
    if (event.clipboardData === null || event.clipboardData.files.length === 0) return;
    event.preventDefault();
    add(event.clipboardData.files);
  });
  area.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    area.classList.add("dropping");
  });
  area.addEventListener("dragleave", (event) => {
    if (!(event.relatedTarget instanceof Node && area.contains(event.relatedTarget))) area.classList.remove("dropping");
  });
  area.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    area.classList.remove("dropping");
    add(event.dataTransfer.files);
    field.focus();
  });

  return {
    /** @param {number} bytes the largest file the daemon takes */
    limit(bytes) {
      maxBytes = bytes;
    },
    isEmpty: () => attached.length === 0,
    /** Whether each is on its way, or there; if not, the person is led to the first that is not. */
    isSound() {
      const bad = list.querySelector('[data-state="failed"] button');
      if (bad instanceof HTMLElement) bad.focus();
      return bad === null;
    },
    /** Takes them for a message: their names, and what the daemon calls them once it has them; asked again, what failed is handed over again. */
    take() {
      const taken = attached;
      attached = [];
      draw();
      return {
        files: taken.map(({ file }) => file.name),
        references: () => {
          for (const one of taken) if (one.problem !== null) handOver(one);
          return Promise.all(taken.map(({ sent }) => sent));
        },
      };
    },
  };
}
