import { ask } from "./api.js";
import { byId, element } from "./element.js";
import { jobItem } from "./job-item.js";

/** Changes come in bursts: one look after so long answers them all. */
const REFRESH_MS = 250;
/** Times pass while nothing else happens. */
const TICK_MS = 30_000;
const PAGE = 200;

/**
 * What happens by the clock: how it stands, how it went, and buttons to change it.
 * @returns {import("./views.js").View & { refreshSoon(): void }}
 */
export function jobsView() {
  const title = element("h2", { id: "jobs-title", tabindex: "-1" }, ["Jobs"]);
  const count = element("p", { class: "state", role: "status" });
  const problem = element("p", { class: "problem", role: "alert" });
  const list = element("ul", { class: "jobs", "aria-label": "Jobs" });
  const more = element("button", { type: "button", class: "more", hidden: true }, ["Show more"]);
  const done = element("input", { type: "checkbox", id: "jobs-done" });
  const empty = element("div", { class: "empty jobs-empty", hidden: true });
  const section = element("section", { id: "jobs", class: "view", "aria-labelledby": "jobs-title", hidden: true }, [
    element("header", { class: "head" }, [
      element("a", { class: "back", href: "#/list" }, ["Conversations"]),
      element("div", { class: "titles" }, [title, count]),
      element("label", { class: "jobs-done", for: "jobs-done" }, [done, "Done ones"]),
    ]),
    element("div", { class: "scroll" }, [problem, empty, list, more]),
  ]);
  /** Names of the jobs whose runs are shown.
   * @type {Set<string>} */
  const opened = new Set();
  let limit = PAGE;
  let timer = 0;
  let asked = 0;

  const load = async () => {
    if (section.hidden) return;
    const turn = ++asked;
    const query = done.checked ? `limit=${PAGE}&done=true` : `limit=${Math.min(limit, 500)}`;
    try {
      const page = await ask("GET", `/api/jobs?${query}`);
      const wholes = await Promise.all(
        page.jobs.map((/** @type {any} */ job) =>
          opened.has(keyOf(job)) ? ask("GET", `/api/jobs/${job.name}`).catch(() => job) : job,
        ),
      );
      // A later look has overtaken this one.
      if (turn === asked) show(wholes, page.next !== null && limit < 500);
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  const show = (/** @type {any[]} */ jobs, /** @type {boolean} */ hasMore) => {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.key : undefined;
    const nowMs = Date.now();
    list.replaceChildren(
      ...jobs.map((job) => jobItem(job, { nowMs, isOpen: opened.has(keyOf(job)), onToggle, onAct })),
    );
    more.hidden = !hasMore;
    empty.hidden = jobs.length > 0;
    empty.replaceChildren(...(done.checked ? ["None is done."] : howToMakeOne()));
    const failing = jobs.filter(({ state, failures }) => state === "paused" || failures > 0).length;
    count.textContent =
      jobs.length === 0 ? "" : `${jobs.length}${hasMore ? " and more" : ""} listed, ${failing} paused or failing`;
    problem.textContent = "";
    if (focused === undefined) return;
    const again = [...list.querySelectorAll("[data-key]")].find(
      (one) => one instanceof HTMLElement && one.dataset.key === focused,
    );
    if (again instanceof HTMLElement) again.focus({ preventScroll: true });
  };
  const onToggle = (/** @type {any} */ job, /** @type {boolean} */ isOpen) => {
    if (isOpen === opened.has(keyOf(job))) return;
    if (isOpen) opened.add(keyOf(job));
    else opened.delete(keyOf(job));
    if (isOpen) void load();
  };
  const onAct = async (/** @type {any} */ job, /** @type {"run" | "pause" | "resume" | "remove"} */ action) => {
    if (action === "remove" && !confirm(`Remove the job ${job.name}?`)) return;
    try {
      if (action === "remove") await ask("DELETE", `/api/jobs/${job.name}`);
      else await ask("POST", `/api/jobs/${job.name}/${action}`);
      byId("announcer", HTMLParagraphElement).textContent = `${job.name}: ${action}`;
      await load();
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  done.addEventListener("change", () => {
    opened.clear();
    void load();
  });
  more.addEventListener("click", () => {
    limit += PAGE;
    void load();
  });
  setInterval(() => {
    if (!document.hidden) void load();
  }, TICK_MS);

  return {
    name: "jobs",
    title: "Jobs",
    section,
    open: () => void load(),
    focus: () => title.focus(),
    refreshSoon() {
      clearTimeout(timer);
      timer = setTimeout(() => void load(), REFRESH_MS);
    },
  };
}

/**
 * Names are free again when a job is done.
 * @param {any} job
 */
function keyOf({ name, createdAtMs }) {
  return `${name} ${createdAtMs}`;
}

function howToMakeOne() {
  return [
    element("p", {}, ["Nothing happens by the clock yet. In a chat, or here under “Chat with the agent”:"]),
    element("p", {}, [element("code", {}, ["/schedule every weekday at 9 summarise what is open"])]),
    element("p", {}, ["or on the command line:"]),
    element("p", {}, [element("code", {}, ['parley jobs add "every weekday at 9" "Summarise what is open."'])]),
  ];
}
