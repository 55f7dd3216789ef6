import type { ContextLimits, Usage } from "../agent/backend.ts";
import { randomHex, sleep } from "../clock/clock.ts";
import type { CommitRequest } from "../memory/claim-commit.ts";
import { DEFAULT_TAIL } from "../memory/claim-range.ts";
import { collectGarbage } from "../memory/collect-garbage.ts";
import type { CommitResult } from "../memory/commit-result.ts";
import { commitSession } from "../memory/commit-session.ts";
import { exportSession } from "../memory/export-session.ts";
import type { Lifecycle } from "../memory/lifecycle.ts";
import { refreshSession } from "../memory/refresh-session.ts";
import { runLifecycleJobs } from "../memory/run-lifecycle-jobs.ts";
import type { SessionRow } from "../store/session.ts";
import { selectWindow } from "../store/windows.ts";
import type { BegunTurn } from "./begun-turn.ts";
import { deliverHooks } from "./deliver-hooks.ts";
import { endMemory } from "./end-memory.ts";
import type { MemoryParts } from "./memory-work.ts";
import { noteCalibration } from "./note-calibration.ts";
import { sessionLifecycles } from "./session-lifecycles.ts";
import type { ContextFill } from "./turn-context.ts";
import { dueOf, noteSoftCycle, tailOf } from "./when-full.ts";

/** How a compaction that a person asked for came out. */
export type Compaction = CommitResult;
/** What they want of it. */
export type CompactionWish = Pick<CommitRequest, "instructions" | "strategy" | "token" | "seqs">;

/** A context that was given to an agent, and what came of it. */
export interface GivenContext {
  readonly fill: ContextFill;
  readonly limits: ContextLimits;
  /** Of a single call; null where nobody knows. */
  readonly usage: Usage | null;
}

/** What memory work does when there is something to do. */
export interface MemoryTasks {
  /** Does what is due: jobs of earlier attempts, and deliveries to hooks. */
  look(): void;
  /** A turn was answered within this context: begins what is due now that it is so full. */
  answered(turn: BegunTurn, given: GivenContext): void;
  /** Archives older lines of a session whose provider refuses it; false when nothing got shorter in time. */
  shorten(session: BegunTurn["session"], limits: ContextLimits): Promise<boolean>;
  compact(sessionId: string, wish: CompactionWish): Promise<Compaction>;
  clean(): Promise<void>;
  stop(): Promise<void>;
}

/** Sessions worked on at the same time because they are full: turns have the provider's limits to themselves. A full one asks again after its next turn. */
const MAX_AT_ONCE = 4;
/** Longest wait of a turn for a compaction that its provider forces; then its agent cuts the view. */
const FORCED_WAIT_MS = 45_000;
/** Random bytes in the name by which leases tell processes apart. */
const OWNER_BYTES = 8;
/** Longest summary, in tokens: a page. */
const MAX_SUMMARY_TOKENS = 1_500;

/** Opens what does the work; `onDue` is told when something may be due that was not. */
export function openMemoryTasks(parts: MemoryParts & { readonly onDue: () => void }): MemoryTasks {
  const { rules, store, clock, events } = parts;
  const stopping = new AbortController();
  const lifecycles = sessionLifecycles({
    ...parts,
    owner: randomHex(OWNER_BYTES),
    maxSummaryTokens: MAX_SUMMARY_TOKENS,
  });
  const running = new Map<string, Promise<unknown>>();
  const commits = new Map<string, Promise<CommitResult>>();

  /** One commit of a session at a time in this process; who asks meanwhile hears how that one went. */
  const commit = (sessionId: string, lifecycle: Lifecycle, request: CommitRequest): Promise<CommitResult> => {
    const underWay = commits.get(sessionId);
    if (underWay !== undefined) return underWay;
    // Without a model nobody is to be asked again later.
    const strategy = lifecycle.summarise === null ? "truncate" : "summarize";
    const begun = commitSession(lifecycle, sessionId, { strategy, ...request }, stopping.signal).finally(() =>
      commits.delete(sessionId),
    );
    commits.set(sessionId, begun);
    void begun.then((result) => {
      events.compacted({ sessionId, reason: request.reason, ...countsOf(result) });
      parts.onDue();
    });
    return begun;
  };

  /** What is due by the newest turn of a session that is worked on already; the turns before it are in that. */
  const following = new Map<string, () => Promise<unknown>>();
  const beside = (sessionId: string, work: () => Promise<unknown>) => {
    if (stopping.signal.aborted) return;
    if (running.has(sessionId)) following.set(sessionId, work);
    if (running.has(sessionId) || running.size >= MAX_AT_ONCE) return;
    const run = work()
      .catch((error: unknown) => events.memoryFailed({ what: "work", error, sessionId }))
      .finally(() => {
        running.delete(sessionId);
        const next = following.get(sessionId);
        following.delete(sessionId);
        if (next !== undefined) beside(sessionId, next);
      });
    running.set(sessionId, run);
  };

  const hooks = deliverHooks({
    ...parts,
    stopping: stopping.signal,
    onEnd: (hook, event) => endMemory({ store, clock, lifecycles, commit, events }, hook, event, stopping.signal),
  });
  let working: Promise<unknown> | null = null;

  return {
    look() {
      hooks.look();
      if (!rules.enabled) return;
      working ??= runLifecycleJobs(lifecycles.none, stopping.signal, lifecycles.ofRow)
        .catch((error: unknown) => events.memoryFailed({ what: "jobs", error }))
        .finally(() => {
          working = null;
        });
    },
    answered(turn, given) {
      const { sessionId } = turn.session;
      const { refresh, commit: isFull } = dueOf(store.reader, rules, turn, given);
      const estimate = noteCalibration(parts, turn, given);
      if (!refresh && !isFull && estimate === null) return;
      beside(sessionId, async () => {
        if (estimate !== null) await estimate();
        // What waited behind a compaction is done with it.
        const isOver = selectWindow(store.reader, turn.session.row).cycle !== given.fill.cycle;
        if ((!refresh && !isFull) || isOver) return;
        const lifecycle = lifecycles.of(turn.session, given.limits.tokens);
        if (refresh && lifecycle.extract !== null) {
          await store.write((tx) => noteSoftCycle(tx, turn.session.row, given.fill.cycle));
          const result = await refreshSession(lifecycle, sessionId, { reason: "soft" }, stopping.signal);
          if (result.ok) events.memoryRefreshed({ sessionId, kept: result.kept, refused: result.refused });
        }
        if (isFull) await commit(sessionId, lifecycle, { reason: "hard", tail: tailOf(rules, given) });
      });
    },
    async shorten(session, limits) {
      const tail = DEFAULT_TAIL;
      // What it takes is less than was thought.
      const lifecycle = lifecycles.of(session, Math.floor(limits.tokens / 2));
      const work = commit(session.sessionId, lifecycle, { reason: "overflow", tail });
      const waited = new AbortController();
      const result = await Promise.race([work, sleep(clock, FORCED_WAIT_MS, waited.signal).then(() => null)]);
      waited.abort();
      return result?.ok === true;
    },
    async compact(sessionId, wish) {
      const lifecycle = lifecycles.ofId(sessionId);
      if (lifecycle === null) return { ok: false, reason: "empty", jobId: null, error: null };
      // Who names lines, or looked at them before, doesn't mean those of somebody else's commit.
      const isExact = wish.token !== undefined || wish.seqs !== undefined;
      if (isExact && commits.has(sessionId)) return { ok: false, reason: "in_progress", jobId: null, error: null };
      return await commit(sessionId, lifecycle, { reason: "command", ...wish });
    },
    async clean() {
      const { exportFolder: folder } = rules;
      const beforePurge = (session: SessionRow) =>
        folder === null ? Promise.resolve() : exportSession(store.reader, folder, session);
      const { purged, kept } = await collectGarbage({ store, clock, beforePurge });
      if (purged.length > 0) events.sessionsPurged({ sessions: purged.length });
      for (const { sessionId, error } of kept) events.memoryFailed({ what: "purge", error, sessionId });
      parts.onDue();
    },
    async stop() {
      stopping.abort();
      await Promise.allSettled([...running.values(), ...commits.values(), working, hooks.stop()]);
    },
  };
}

function countsOf(result: CommitResult) {
  if (!result.ok) return { outcome: result.reason, removed: 0, tokensBefore: 0, tokensAfter: 0, durationMs: 0 };
  const { removed, tokensBefore, tokensAfter, durationMs, isExtractive } = result;
  return { outcome: isExtractive ? "quoted" : "summarised", removed, tokensBefore, tokensAfter, durationMs };
}
