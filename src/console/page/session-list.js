import { ask } from "./api.js";
import { byId, element } from "./element.js";
import { relativeTime } from "./relative-time.js";
import { sessionName, sessionPlace, sessionState } from "./session-state.js";

const PAGE = 30;
/** The most that one request gives. */
const MAX_PAGE = 500;
/** Changes come in bursts: one look at the list after so long answers them all. */
const REFRESH_MS = 250;
const TICK_MS = 20_000;

/** The list of conversations, the last active first. */
export function sessionList() {
  const list = byId("sessions", HTMLUListElement);
  const more = byId("more-sessions", HTMLButtonElement);
  /** @type {any[]} */
  let sessions = [];
  /** @type {string | null} */
  let next = null;
  /** @type {string | null} */
  let selected = null;
  let timer = 0;

  const show = () => {
    const nowMs = Date.now();
    const focused = list.contains(document.activeElement) ? document.activeElement : null;
    list.replaceChildren(...sessions.map((session) => row(session, session.sessionId === selected, nowMs)));
    if (sessions.length === 0)
      list.append(element("li", { class: "none" }, ["None yet. The first begins with what you write."]));
    if (focused instanceof HTMLAnchorElement) focusRow(focused.hash);
    more.hidden = next === null;
  };
  const focusRow = (/** @type {string} */ hash) => {
    const link = list.querySelector(`a[href="${hash}"]`);
    if (link instanceof HTMLElement) link.focus({ preventScroll: true });
  };
  const load = async () => {
    const limit = Math.min(Math.max(sessions.length, PAGE), MAX_PAGE);
    const page = await ask("GET", `/api/sessions?limit=${limit}`).catch(() => null);
    // Not reached, or locked: what is shown stays, and the next change asks again.
    if (page === null) return;
    sessions = page.sessions;
    next = page.next;
    show();
  };
  more.addEventListener("click", async () => {
    const page = await ask("GET", `/api/sessions?limit=${PAGE}&cursor=${next}`).catch(() => null);
    if (page === null) return;
    const first = page.sessions[0]?.sessionId;
    sessions = [...sessions, ...page.sessions];
    next = page.next;
    show();
    // The button has moved on; who pressed it goes on reading where the new ones begin.
    focusRow(`#/session/${first}`);
  });
  // Times pass, and in other places people write without this page being told.
  setInterval(() => {
    if (!document.hidden) void load();
  }, TICK_MS);

  return {
    load,
    refreshSoon() {
      clearTimeout(timer);
      timer = setTimeout(() => void load(), REFRESH_MS);
    },
    /** @param {string | null} sessionId */
    select(sessionId) {
      selected = sessionId;
      for (const link of list.querySelectorAll("a")) {
        if (link.hash === `#/session/${sessionId}`) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
    },
  };
}

/**
 * @param {any} session
 * @param {boolean} isSelected
 * @param {number} nowMs
 */
function row(session, isSelected, nowMs) {
  const { sessionId, lastActiveAtMs, state } = session;
  return element("li", {}, [
    element("a", { href: `#/session/${sessionId}`, "aria-current": isSelected ? "page" : null, "data-state": state }, [
      element("span", { class: "name", dir: "auto" }, [sessionName(session)]),
      element("span", { class: "when" }, [relativeTime(lastActiveAtMs, nowMs)]),
      element("span", { class: "place", dir: "auto" }, [sessionPlace(session)]),
      element("span", { class: "fate" }, [sessionState(session, nowMs)]),
    ]),
  ]);
}
