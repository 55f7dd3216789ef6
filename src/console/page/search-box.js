import { ask } from "./api.js";
import { element } from "./element.js";
import { fullTime, relativeTime } from "./relative-time.js";

/** A person who types pauses about so long between words. */
const PAUSE_MS = 200;
const PAGE = 20;

/**
 * A search field and what it finds.
 * @param {object} options
 * @param {HTMLFormElement} options.form
 * @param {HTMLInputElement} options.input
 * @param {HTMLUListElement} options.list
 * @param {HTMLButtonElement | null} options.more
 * @param {() => string} options.scope further query parameters, `&sessionId=…`
 * @param {(isSearching: boolean) => void} options.onChange
 */
export function searchBox({ form, input, list, more, scope, onChange }) {
  let timer = 0;
  let asked = 0;
  /** @type {string | null} */
  let next = null;

  const find = async (/** @type {string | null} */ before) => {
    const text = input.value.trim();
    const turn = ++asked;
    onChange(text !== "");
    if (text === "") {
      list.replaceChildren();
      return;
    }
    const position = before === null ? "" : `&before=${before}`;
    const path = `/api/search?q=${encodeURIComponent(text.slice(0, 500))}&limit=${PAGE}${position}${scope()}`;
    const page = await ask("GET", path).catch((error) => ({ hits: [], next: null, problem: error.message }));
    // Only the last question counts; answers may come out of order.
    if (turn !== asked) return;
    next = page.next;
    if (before === null) list.replaceChildren();
    list.append(...page.hits.map((/** @type {any} */ hit) => hitRow(hit, text)));
    if (list.childElementCount === 0) list.append(element("li", { class: "none" }, [page.problem ?? "Nothing found."]));
    if (more !== null) more.hidden = next === null;
  };
  const clear = () => {
    input.value = "";
    void find(null);
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void find(null), PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || input.value === "") return;
    event.preventDefault();
    clear();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    void find(null);
  });
  more?.addEventListener("click", () => void find(next));
  return { clear };
}

/**
 * @param {any} hit
 * @param {string} text
 */
function hitRow({ sessionId, title, platform, message, snippet }, text) {
  const who =
    message.role === "user"
      ? (message.senderName ?? "a person")
      : message.role === "assistant"
        ? "agent"
        : message.role;
  return element("li", {}, [
    element("a", { href: `#/session/${sessionId}/${message.seq}` }, [
      element("span", { class: "name", dir: "auto" }, [title ?? `${platform}: ${who}`]),
      element("time", { class: "when", title: fullTime(message.atMs) }, [relativeTime(message.atMs, Date.now())]),
      element("span", { class: "place", dir: "auto" }, marked(snippet, text)),
    ]),
  ]);
}

/**
 * The snippet with the words that were searched for marked, as nodes.
 * @param {string} snippet
 * @param {string} text
 */
function marked(snippet, text) {
  const words = text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  if (words.length === 0) return [snippet];
  const parts = snippet.split(new RegExp(`(${words.join("|")})`, "giu"));
  return parts.map((part, place) => (place % 2 === 1 ? element("mark", {}, [part]) : part));
}
