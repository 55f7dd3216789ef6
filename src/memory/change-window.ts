import type { SessionRow } from "../store/session.ts";
import type { Connection, Reader } from "../store/sqlite.ts";
import { type Commitment, putWindow, selectWindow, type Window, type WindowState } from "../store/windows.ts";
import { fingerprint } from "./fingerprint.ts";
import type { Summary } from "./summary.ts";

type Rows = Pick<Connection, "run"> & Reader;

/** Most commitments a window carries; what is over goes first, then the oldest. */
export const MAX_COMMITMENTS = 100;
const MAX_UNCERTAINTIES = 20;
/** Longest task, commitment or uncertainty, in UTF-16 units: a line in a prompt. */
const MAX_POINT_LENGTH = 500;

/** Changes a session's window in this transaction. */
export function changeWindow(tx: Rows, session: Pick<SessionRow, "id">, change: (window: Window) => Window): Window {
  const window = change(selectWindow(tx, session.id));
  putWindow(tx, session.id, window);
  return window;
}

/** What is being worked on, as a person or the agent says; null for nothing. */
export function withTask(
  state: WindowState,
  text: string | null,
  origin: "person" | "agent",
  nowMs: number,
): WindowState {
  const activeTask = text === null || text.trim() === "" ? null : { text: pointOf(text), origin, atMs: nowMs };
  return { ...state, activeTask };
}

/** Something promised, decided or demanded, in whatever state it is by now; the same words once. */
export function withCommitment(
  state: WindowState,
  noted: Pick<Commitment, "kind" | "text" | "state">,
  nowMs: number,
): WindowState {
  const text = pointOf(noted.text);
  const print = fingerprint(text);
  if (print === "") return state;
  const known = state.commitments.find((one) => one.fingerprint === print && one.kind === noted.kind);
  if (known?.state === noted.state) return state;
  const changed: Commitment = { fingerprint: print, kind: noted.kind, text, state: noted.state, atMs: nowMs };
  const others = state.commitments.filter((one) => one !== known);
  return { ...state, commitments: bounded([...others, changed]) };
}

/** What nobody is sure of; the newest twenty. */
export function withUncertainties(state: WindowState, uncertainties: readonly string[]): WindowState {
  return { ...state, uncertainties: uncertainties.slice(-MAX_UNCERTAINTIES).map(pointOf) };
}

/**
 * What a summary adds: points that are not known yet, and the task where nobody has named one. What people and the agent said stays,
 * also when they said it while the summary was made.
 */
export function withSummary(state: WindowState, summary: Summary, nowMs: number): WindowState {
  const kinds = [
    ["decision", summary.decisions],
    ["loop", summary.openLoops],
    ["constraint", summary.constraints],
  ] as const;
  let next = state;
  for (const [kind, texts] of kinds) {
    for (const text of texts) {
      const print = fingerprint(pointOf(text));
      // One that was fulfilled does not open again because an older text tells of it.
      if (next.commitments.some((one) => one.fingerprint === print && one.kind === kind)) continue;
      next = withCommitment(next, { kind, text, state: "open" }, nowMs);
    }
  }
  const isOurs = state.activeTask === null || state.activeTask.origin === "summary";
  if (!isOurs || summary.activeTask === null || summary.activeTask.trim() === "") return next;
  return { ...next, activeTask: { text: pointOf(summary.activeTask), origin: "summary", atMs: nowMs } };
}

function pointOf(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return line.length <= MAX_POINT_LENGTH ? line : `${line.slice(0, MAX_POINT_LENGTH - 1).toWellFormed()}…`;
}

function bounded(commitments: readonly Commitment[]): Commitment[] {
  if (commitments.length <= MAX_COMMITMENTS) return [...commitments];
  const over = commitments.find(({ state }) => state !== "open") ?? commitments[0];
  return commitments.filter((one) => one !== over);
}
