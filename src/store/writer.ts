import type { Connection, Reader } from "./sqlite.ts";
import { StoreError, storeErrorOf } from "./store-error.ts";

/** A transaction that is open now: reads see its own writes. Only valid inside the function it was given to. */
export interface Tx extends Reader, Pick<Connection, "run"> {
  /** Appends the line of message row `row` to a session's JSONL file once the transaction is on disk. */
  mirror(sessionId: string, line: string, row: number): void;
  /** Runs part of the work so that it can fail alone: when it throws, what it wrote is taken back, the rest stands, and the error comes out. */
  savepoint<T>(work: (tx: Tx) => T): T;
  /** Does something once the transaction is on disk, before the caller resumes; never called when it was rolled back. It must not throw. */
  afterCommit(act: () => void): void;
}

/** Runs writes in groups: all that were asked for in one tick of the event loop share a transaction. */
export interface Writer {
  /** Runs `work` in a transaction and resolves with what it returned when that is on disk. `work` may run twice: it changes nothing but rows. */
  write<T>(work: (tx: Tx) => T): Promise<T>;
  /** Waits for what was asked for, then refuses more. */
  close(): Promise<void>;
}

/** The JSONL lines a transaction made durable: by session id, in order, and the greatest message row among them. */
export interface MirrorLines {
  readonly bySession: ReadonlyMap<string, string>;
  readonly throughRow: number;
}

/** What the writer tells about each transaction that was committed. */
export interface Commit {
  readonly writes: number;
  readonly durationMs: number;
}

/** Most writes in one transaction: a bound on how long the first of them waits, far above a tick's usual number. */
const MAX_BATCH = 512;

/** What a transaction leaves to be done when it is on disk. */
interface Gathered {
  readonly lines: Map<string, string>;
  readonly acts: (() => void)[];
  throughRow: number;
}

interface Pending {
  readonly work: (tx: Tx) => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Opens the one writer of a connection. After each commit `onLines` gets the JSONL lines it made durable, before any caller resumes; it must not throw.
 * A write that throws fails alone: the batch is rolled back and its writes are run one by one.
 */
export function openWriter(
  connection: Connection,
  options: {
    readonly onLines: (lines: MirrorLines) => void;
    readonly onCommit: (commit: Commit) => void;
    readonly monotonicMs: () => number;
  },
): Writer {
  let waiting: Pending[] = [];
  let scheduled = false;
  let closed = false;
  const whenIdle: (() => void)[] = [];

  const flush = () => {
    const batch = waiting;
    waiting = [];
    scheduled = false;
    for (let from = 0; from < batch.length; from += MAX_BATCH) runBatch(batch.slice(from, from + MAX_BATCH));
    if (waiting.length === 0) for (const resolve of whenIdle.splice(0)) resolve();
  };

  const runBatch = (batch: readonly Pending[]) => {
    const outcome = tryTransaction(batch);
    if (outcome.kind === "committed") {
      const { lines, acts, throughRow } = outcome.gathered;
      if (lines.size > 0) options.onLines({ bySession: lines, throughRow });
      for (const act of acts) act();
      options.onCommit({ writes: batch.length, durationMs: options.monotonicMs() - outcome.startedMs });
      batch.forEach((pending, place) => {
        pending.resolve(outcome.results[place]);
      });
    } else if (batch.length === 1 || !outcome.hasBegun) for (const pending of batch) pending.reject(outcome.error);
    else for (const pending of batch) runBatch([pending]);
  };

  const openTx = (gathered: Gathered): Tx => ({
    get: connection.get,
    all: connection.all,
    run: connection.run,
    mirror(sessionId, line, row) {
      gathered.lines.set(sessionId, (gathered.lines.get(sessionId) ?? "") + line);
      gathered.throughRow = Math.max(gathered.throughRow, row);
    },
    savepoint(work) {
      const own = nothingYet();
      connection.savepoint();
      try {
        const result = work(openTx(own));
        connection.release();
        for (const [sessionId, text] of own.lines) {
          gathered.lines.set(sessionId, (gathered.lines.get(sessionId) ?? "") + text);
        }
        gathered.acts.push(...own.acts);
        gathered.throughRow = Math.max(gathered.throughRow, own.throughRow);
        return result;
      } catch (error) {
        connection.rollbackToSavepoint();
        throw error;
      }
    },
    afterCommit: (act) => void gathered.acts.push(act),
  });

  const tryTransaction = (batch: readonly Pending[]) => {
    const startedMs = options.monotonicMs();
    const gathered = nothingYet();
    const tx = openTx(gathered);
    let hasBegun = false;
    try {
      connection.begin();
      hasBegun = true;
      const results = batch.map((pending) => pending.work(tx));
      connection.commit();
      return { kind: "committed", results, gathered, startedMs } as const;
    } catch (error) {
      connection.rollback();
      // A database that is locked keeps each try waiting: what could not begin is not tried singly.
      return { kind: "failed", error: storeErrorOf(error, connection.path), hasBegun } as const;
    }
  };

  return {
    write<T>(work: (tx: Tx) => T): Promise<T> {
      if (closed) return Promise.reject(new StoreError("closed", "the store is closed: Parley is shutting down."));
      return new Promise<T>((resolve, reject) => {
        waiting.push({ work, resolve: (value) => resolve(value as T), reject });
        if (!scheduled) {
          scheduled = true;
          setImmediate(flush);
        }
      });
    },
    close() {
      closed = true;
      return new Promise((resolve) => {
        if (waiting.length === 0) resolve();
        else whenIdle.push(resolve);
      });
    },
  };
}

function nothingYet(): Gathered {
  return { lines: new Map(), acts: [], throughRow: 0 };
}
