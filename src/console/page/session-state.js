import { relativeTime } from "./relative-time.js";

/** What a session's end is called. @type {Readonly<Record<string, string>>} */
const endings = {
  timeout: "ended by itself",
  reset: "reset",
  new: "left for a new one",
  archive: "left for another",
};

/**
 * How a session stands, in words: `live, afresh in 3 hr.`, `reset 2 days ago`.
 * @param {any} session
 * @param {number} nowMs
 */
export function sessionState(session, nowMs) {
  if (session.state === "live") {
    return session.nextResetAtMs === null
      ? "live"
      : `live, starts afresh ${relativeTime(session.nextResetAtMs, nowMs)}`;
  }
  const isRun = session.source.platform === "job" && session.endReason === "archive";
  const ending = isRun ? "run ended" : (endings[session.endReason] ?? "ended");
  return session.endedAtMs === null ? ending : `${ending} ${relativeTime(session.endedAtMs, nowMs)}`;
}

/**
 * What a session is called: its title, else how it begins.
 * @param {any} session
 * @returns {string}
 */
export function sessionName(session) {
  return session.title ?? session.preview ?? "Nothing said yet";
}

/**
 * Where a session takes place: `telegram: DM with Ann`.
 * @param {any} session
 */
export function sessionPlace(session) {
  const { platform, account } = session.source;
  return `${account === "default" ? platform : `${platform}@${account}`}: ${session.description}`;
}
