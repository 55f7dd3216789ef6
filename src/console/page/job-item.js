import { element } from "./element.js";
import { fullTime, relativeTime } from "./relative-time.js";

/** @typedef {"run" | "pause" | "resume" | "remove"} JobAction */

/**
 * One job in the list: what it is, how it stands, how its last run went, what can be done; opened, its text and its last runs.
 * @param {any} job as the API shows it; with `lastRuns` when it was asked for alone
 * @param {object} options
 * @param {number} options.nowMs
 * @param {boolean} options.isOpen
 * @param {(job: any, isOpen: boolean) => void} options.onToggle
 * @param {(job: any, action: JobAction) => void} options.onAct
 */
export function jobItem(job, { nowMs, isOpen, onToggle, onAct }) {
  const { name, state, lastRun } = job;
  const details = element("details", { open: isOpen }, [
    element("summary", { "data-key": `${name} details` }, ["Text and last runs"]),
    element("p", { class: "job-text", dir: "auto" }, [job.text]),
    element("p", { class: "state" }, [about(job)]),
    element(
      "ol",
      { class: "runs" },
      (job.lastRuns ?? []).map((/** @type {any} */ run) => runItem(run, nowMs)),
    ),
  ]);
  details.addEventListener("toggle", () => onToggle(job, details.open));
  const when = job.nextRunAtMs === null ? [] : ["next ", time(job.nextRunAtMs, nowMs)];
  const last = lastRun === null ? ["has not run yet"] : ["last ", ...runWords(lastRun, nowMs)];
  return element("li", { class: "job", "data-state": state }, [
    element("div", { class: "job-head" }, [
      element("h3", {}, [name]),
      element("span", { class: "badge", "data-state": state }, [state]),
      element(
        "div",
        { class: "acts" },
        actionsOf(job).map((action) => button(job, action, onAct)),
      ),
    ]),
    element("p", { class: "job-when" }, [job.scheduleWords]),
    element("p", { class: "state" }, [...when, ...(when.length === 0 ? [] : ["; "]), ...last]),
    ...(job.stateReason === null ? [] : [element("p", { class: "problem", dir: "auto" }, [job.stateReason])]),
    ...(lastRun?.error == null ? [] : [element("p", { class: "problem", dir: "auto" }, [lastRun.error])]),
    details,
  ]);
}

/**
 * What can be done about a job now; those of the configuration are changed there.
 * @param {any} job
 * @returns {JobAction[]}
 */
function actionsOf({ state, madeBy }) {
  if (state === "done") return [];
  const isFixed = madeBy === "config";
  /** @type {JobAction[]} */
  const turn = state === "paused" ? ["resume"] : isFixed ? [] : ["pause"];
  return ["run", ...turn, ...(isFixed ? [] : [/** @type {const} */ ("remove")])];
}

/**
 * @param {any} job
 * @param {JobAction} action
 * @param {(job: any, action: JobAction) => void} onAct
 */
function button(job, action, onAct) {
  const label = action.charAt(0).toUpperCase() + action.slice(1);
  const attributes = { type: "button", "aria-label": `${label} ${job.name}`, "data-key": `${job.name} ${action}` };
  const made = element("button", attributes, [label]);
  made.addEventListener("click", () => onAct(job, action));
  return made;
}

/**
 * @param {any} job
 * @returns {string}
 */
function about({ agent, session, deliver, madeBy, maker, runs }) {
  const whose = maker === null ? "" : ` for ${maker.name ?? maker.userId} (${maker.platform})`;
  const who = agent === null ? "A reminder, without an agent" : `Told to ${agent}, ${sessions[session] ?? session}`;
  const where = deliver.map((/** @type {string} */ target) => places[target] ?? target).join(", ");
  const often = runs === 1 ? "once" : `${runs} times`;
  return `${who}; delivered to ${where}; made ${ways[madeBy] ?? madeBy}${whose}; has run ${often} by its schedule`;
}

/** @type {Readonly<Record<string, string>>} */
const sessions = {
  fresh: "each run in a session of its own",
  own: "in one session that goes on",
  origin: "in the chat where it was made",
};
/** @type {Readonly<Record<string, string>>} */
const places = { origin: "where it was made", local: "a file" };
/** @type {Readonly<Record<string, string>>} */
const ways = {
  config: "in the configuration",
  chat: "in a chat",
  cli: "on the command line",
  http: "over HTTP",
  agent: "by an agent",
};

/**
 * @param {any} run
 * @param {number} nowMs
 */
function runItem(run, nowMs) {
  const { inputTokens, outputTokens, costUsd, delivered } = run;
  const cost = costUsd === null ? "" : `, $${costUsd.toFixed(4)}`;
  const where = delivered.length === 0 ? "delivered nowhere" : `delivered to ${delivered.join(", ")}`;
  return element("li", { "data-state": run.state }, [
    element("p", { class: "state" }, [
      ...runWords(run, nowMs),
      `, ${inputTokens + outputTokens} tokens${cost}, ${where}${run.byHand ? ", out of turn" : ""}`,
    ]),
    ...(run.error === null ? [] : [element("p", { class: "problem", dir: "auto" }, [run.error])]),
    ...(run.output === null ? [] : [element("pre", { class: "output", dir: "auto" }, [run.output])]),
  ]);
}

/**
 * @param {any} run
 * @param {number} nowMs
 */
function runWords({ state, startedAtMs, dueAtMs, durationMs }, nowMs) {
  const took = durationMs === null ? "" : `, took ${(durationMs / 1_000).toFixed(1)} s`;
  const words = /** @type {Record<string, string>} */ ({ claimed: "waits", running: "runs", skipped: "left out" });
  return [time(startedAtMs ?? dueAtMs, nowMs), `: ${words[state] ?? state}${took}`];
}

/**
 * A time in the reader's own zone, with the distance in words.
 * @param {number} atMs
 * @param {number} nowMs
 */
function time(atMs, nowMs) {
  return element("time", { datetime: new Date(atMs).toISOString() }, [
    `${fullTime(atMs)} (${relativeTime(atMs, nowMs)})`,
  ]);
}
