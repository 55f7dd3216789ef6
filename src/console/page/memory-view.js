import { ask } from "./api.js";
import { element } from "./element.js";
import { keyedList } from "./keyed-list.js";
import { memoryItem, scopeName } from "./memory-item.js";

const PAGE = 50;
const MAX_SCOPES = 500;
/** A person who types pauses about so long between words. */
const PAUSE_MS = 200;

/**
 * What is remembered, by whom it is about: found, corrected, forgotten.
 * @returns {import("./views.js").View}
 */
export function memoryView() {
  const title = element("h2", { id: "memory-title", tabindex: "-1" }, ["Memory"]);
  const state = element("p", { class: "state", role: "status" });
  const words = element("input", {
    id: "memory-words",
    type: "search",
    placeholder: "Search memory",
    autocomplete: "off",
  });
  const scope = element("select", { id: "memory-scope" });
  const form = element("form", { class: "search inside" }, [
    element("label", { for: "memory-words", class: "unseen" }, ["Search memory"]),
    words,
    element("label", { for: "memory-scope", class: "unseen" }, ["Whose"]),
    scope,
  ]);
  const problem = element("p", { class: "problem", role: "alert" });
  const list = element("ul", { class: "memories", "aria-label": "What is remembered" });
  const more = element("button", { type: "button", class: "more", hidden: true }, ["Show more"]);
  const section = element("section", { class: "view", "aria-labelledby": "memory-title" }, [
    element("header", { class: "head" }, [
      element("a", { class: "back", href: "#/list" }, ["Conversations"]),
      element("div", { class: "titles" }, [title, state]),
    ]),
    element("div", { class: "scroll" }, [element("search", {}, [form]), problem, list, more]),
  ]);

  let asked = 0;
  /** @type {any[]} */
  let shown = [];
  /** @type {string | null} */
  let next = null;

  /** Shows what went wrong where it was asked for. */
  const trying = async (/** @type {() => Promise<void>} */ act) => {
    problem.textContent = "";
    try {
      await act();
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  const show = keyedList(list, keyOf, (memory) =>
    memoryItem(memory, {
      onForget: () =>
        trying(async () => {
          await ask("DELETE", `/api/memory/${memory.address}?${new URLSearchParams({ scope: memory.scope })}`);
          await load(null);
          title.focus();
        }),
      // What it says wrongly is shown where it was typed.
      async onCorrect(text) {
        await ask("POST", "/api/memory", { scope: memory.scope, text, replaces: memory.address });
        await load(null);
      },
    }),
  );
  const load = async (/** @type {string | null} */ before) => {
    const turn = ++asked;
    const text = words.value.trim();
    const query = new URLSearchParams({ limit: String(PAGE) });
    if (text !== "") query.set("q", text.slice(0, 500));
    if (scope.value !== "") query.set("scope", scope.value);
    if (before !== null) query.set("before", before);
    const page = await ask("GET", `/api/memory?${query}`);
    // Only the last question counts; answers may come out of order.
    if (turn !== asked) return;
    shown = before === null ? page.memories : [...shown, ...page.memories];
    next = page.next;
    show(shown);
    more.hidden = next === null;
    state.textContent = shown.length === 0 ? "Nothing is remembered here." : counted(shown.length, next !== null);
  };
  const loadScopes = async () => {
    const { scopes } = await ask("GET", `/api/memory/scopes?limit=${MAX_SCOPES}`);
    const chosen = scope.value;
    scope.replaceChildren(
      element("option", { value: "" }, ["Everybody and everything"]),
      ...scopes.map((/** @type {any} */ { scope: text, memories }) =>
        element("option", { value: text }, [`${scopeName(text)} (${memories})`]),
      ),
    );
    scope.value = chosen;
    if (scope.selectedIndex < 0) scope.value = "";
  };

  let timer = 0;
  words.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void trying(() => load(null)), PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    void trying(() => load(null));
  });
  scope.addEventListener("change", () => void trying(() => load(null)));
  more.addEventListener("click", () => void trying(() => load(next)));

  return {
    name: "memory",
    title: "Memory",
    section,
    open() {
      title.focus({ preventScroll: true });
      void trying(async () => {
        await loadScopes();
        await load(null);
      });
    },
    focus: () => words.focus(),
  };
}

/** @param {any} memory */
function keyOf({ scope, address, state, createdAtMs }) {
  return `${scope} ${address} ${state} ${createdAtMs}`;
}

/**
 * @param {number} count
 * @param {boolean} isMore
 */
function counted(count, isMore) {
  if (isMore) return `The newest ${count}`;
  return count === 1 ? "1 memory" : `${count} memories`;
}
