import type { Claim } from "../../src/memory/claims.ts";
import type { Lifecycle } from "../../src/memory/lifecycle.ts";
import type { Summary, SummaryInput } from "../../src/memory/summary.ts";
import type { SessionSource } from "../../src/session/source.ts";
import { windowStart } from "../../src/store/archives.ts";
import type { Session, SessionRow } from "../../src/store/session.ts";
import { selectSession } from "../../src/store/sessions.ts";
import type { SessionStore } from "../../src/store/store.ts";
import type { FakeClock } from "./fake-clock.ts";
import { dmSource, line, testStore } from "./test-store.ts";

/** A store, a clock, and a summariser that says S1, S2, …, all of it to be looked at. */
export interface LifecycleWorld extends AsyncDisposable {
  readonly store: SessionStore;
  readonly clock: FakeClock;
  readonly dataDir: string;
  readonly lifecycle: Lifecycle;
  /** What the summariser was asked. */
  readonly asked: SummaryInput[];
  readonly failures: string[];
  /** Replaces what the summariser does, once for each entry. */
  readonly summaries: ((input: SummaryInput, signal: AbortSignal) => Promise<Summary>)[];
  /** Claims that the extraction finds next; empty for none. */
  readonly claims: Claim[][];
  readonly extracted: number[][];
  open(source?: SessionSource): Promise<Session>;
  /** Appends lines of 10 estimated tokens each, people and the agent in turns. */
  say(session: Session, ...texts: string[]): Promise<void>;
  row(session: Session): SessionRow;
  /** The texts in the window. */
  window(session: Session): string[];
}

/** A summary that says one word. */
export function summaryOf(word: string, about: Partial<Summary> = {}): Summary {
  return { overview: word, abstract: word, decisions: [], openLoops: [], constraints: [], activeTask: null, ...about };
}

/** A claim of Ann's about herself, unless `about` says otherwise. */
export function claimOf(content: string, about: Partial<Claim> = {}): Claim {
  const sure = { kind: "new", bucket: "preference", about: "user", confidence: 0.9 } as const;
  return { ...sure, content, author: "ann", replaces: null, isExplicit: false, ...about };
}

/** Opens a world in a folder of its own, or in `dataDir`. */
export async function lifecycleWorld(
  options: { readonly dataDir?: string; readonly clock?: FakeClock; readonly extracts?: boolean } = {},
): Promise<LifecycleWorld> {
  const { extracts = true, ...rest } = options;
  const opened = await testStore(rest);
  const { store, clock, dataDir } = opened;
  const asked: SummaryInput[] = [];
  const failures: string[] = [];
  const summaries: LifecycleWorld["summaries"] = [];
  const claims: Claim[][] = [];
  const extracted: number[][] = [];
  const row = (session: Session) => {
    const found = selectSession(store.reader, session.sessionId);
    if (found === null) throw new Error(`no session ${session.sessionId}`);
    return found;
  };
  const lifecycle: Lifecycle = {
    store,
    clock,
    summarise: (input, signal) => {
      asked.push(input);
      const next = summaries.shift();
      return next === undefined ? Promise.resolve(summaryOf(`S${asked.length}`)) : next(input, signal);
    },
    extract: extracts
      ? (input) => {
          extracted.push(input.lines.map(({ seq }) => seq));
          return Promise.resolve(claims.shift() ?? []);
        }
      : null,
    hygiene: "strict",
    owner: `test-${Math.random()}`,
    maxSummaryTokens: 1_000,
    failed: (what, error) => void failures.push(`${what}: ${String(error)}`),
  };
  return {
    store,
    clock,
    dataDir,
    lifecycle,
    asked,
    failures,
    summaries,
    claims,
    extracted,
    open: async (source = dmSource("1")) => (await store.resolveSession(source, clock.nowMs())).session,
    async say(session, ...texts) {
      const count = row(session).message_count;
      const drafts = texts.map((text, place) => {
        const isPerson = (count + place) % 2 === 0;
        const who = isPerson ? {} : { role: "assistant" as const, senderId: null, senderName: null };
        return line(text.padEnd(24, "."), { atMs: clock.nowMs(), ...who });
      });
      await store.appendMessages(session.sessionId, drafts);
    },
    row,
    window: (session) =>
      store
        .transcript(session.sessionId, { limit: 1_000 })
        .filter(({ seq }) => seq > windowStart(store.reader, session.row))
        .map(({ content }) => content.replace(/\.+$/, "")),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

/** m<from> to m<to>. */
export function numbered(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, place) => `m${from + place}`);
}
