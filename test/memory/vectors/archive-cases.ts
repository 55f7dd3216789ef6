import assert from "node:assert/strict";
import { collectGarbage } from "../../../src/memory/collect-garbage.ts";
import { assembleContext } from "../../../src/memory/context-slots.ts";
import { extractiveSummary } from "../../../src/memory/extractive-summary.ts";
import { legacyTextTokens } from "../../../src/memory/legacy-tokens.ts";
import { mergeArchives } from "../../../src/memory/merge-archives.ts";
import { claimRefresh } from "../../../src/memory/refresh-session.ts";
import { dueAt } from "../../../src/memory/thresholds.ts";
import { insertArchive, selectArchives, selectLatestArchive, selectLiveArchives } from "../../../src/store/archives.ts";
import { extractionWatermark, markExtracted, pendingExtraction } from "../../../src/store/extractions.ts";
import type { Session } from "../../../src/store/session.ts";
import { takeBack } from "../../../src/store/undo.ts";
import { logLine } from "../../support/fake-memory.ts";
import { type LifecycleWorld, numbered, summaryOf } from "../../support/lifecycle-world.ts";
import { rowsOf } from "../../support/test-store.ts";
import { commit, commitCount, firstLines, runSql, talked } from "./commit-scene.ts";
import { given, only, vectors } from "./commit-vectors.ts";
import type { VectorCase } from "./vector-case.ts";

async function archivesOfOneLine(world: LifecycleWorld, count: number): Promise<Session> {
  const session = await talked(world, ...numbered(1, count + 1));
  await world.store.write((tx) => {
    for (let seq = 1; seq <= count; seq += 1)
      insertArchive(tx, {
        session: session.row,
        archiveId: `${session.sessionId}-${seq}`,
        fromSeq: seq,
        toSeq: seq,
        merges: 0,
        overview: `A:c${seq}`,
        abstract: `c${seq}`,
        details: { ...details },
        redoAtMs: null,
        createdAtMs: seq,
      });
  });
  return session;
}
const details = {
  decisions: [],
  openLoops: [],
  constraints: [],
  activeTask: null,
  strategy: "summarize",
  isExtractive: false,
  promptVersion: 1,
  fused: 0,
  tokensBefore: 10,
  tokensAfter: 1,
  durationMs: 0,
} as const satisfies Parameters<typeof insertArchive>[1]["details"];

/** What becomes of archives, marks and jobs. */
export const archiveCases: readonly VectorCase[] = [
  {
    of: "active_task",
    reference: vectors.active_task,
    ours: async () =>
      Object.fromEntries(
        Object.keys(vectors.active_task).map((text) => {
          const lines = [logLine(1, "user", text), logLine(2, "assistant", "yes")];
          return [text, extractiveSummary({ earlier: [], lines, instructions: null, maxTokens: 99 }).activeTask ?? ""];
        }),
      ),
    departs: {
      to: Object.fromEntries(Object.keys(vectors.active_task).map((text) => [text, ""])),
      why: "a task is set by people, the agent and models, never guessed by a word",
    },
  },
  {
    of: "should_compress",
    reference: vectors.should_compress,
    // A room of 12,500 tokens, or 12.5 turns, of which the hard threshold is 0.8.
    ours: async () => {
      const isDue = (ratio: number) =>
        dueAt({ ratio, cycle: 0, softCycle: 0, pending: 0 }, { soft: 0.6, hard: 0.8 }).commit;
      return {
        "9_turns": isDue(9 / 12.5),
        "10_turns": isDue(10 / 12.5),
        "9999_tokens": isDue(9_999 / 12_500),
        "10000_tokens": isDue(10_000 / 12_500),
      };
    },
  },
  {
    of: "rewind",
    reference: only("rewind", "watermark"),
    async ours(world) {
      const session = await talked(world, "m1", "m2", "m3");
      await world.store.write((tx) => markExtracted(tx, session.row, { fromSeq: 1, toSeq: 3 }));
      await world.store.write((tx) => takeBack(tx, world.row(session), 1));
      await world.store.write((tx) => takeBack(tx, world.row(session), 1));
      assert.deepEqual(world.window(session), []);
      return { watermark: extractionWatermark(world.store.reader, session.row) };
    },
  },
  {
    of: "evict_loses_extracted_but_unarchived",
    reference: only("evict_loses_extracted_but_unarchived", "evicted", "archives", "messages"),
    async ours(world) {
      const session = await talked(world, "m0", "m1");
      await world.store.write((tx) => markExtracted(tx, session.row, { fromSeq: 1, toSeq: 2 }));
      world.clock.jumpWallClock(world.clock.nowMs() + 40 * 24 * 3_600_000);
      const { purged } = await collectGarbage({ store: world.store, clock: world.clock });
      const archives = selectArchives(world.store.reader, session.row).length;
      return { evicted: purged, archives, messages: world.window(session) };
    },
    departs: { to: { evicted: [], archives: 0, messages: ["m0", "m1"] }, why: "what is extracted is not gone" },
  },
  {
    of: "fusion",
    reference: vectors.fusion.overviews,
    async ours(world) {
      const session = await world.open();
      for (let round = 0; round < 4; round += 1) {
        await world.say(session, `c${round}`);
        world.summaries.push(async ({ earlier, lines }) => {
          const before = earlier.map(({ abstract }) => abstract).join();
          const text = lines[0]?.text.replace(/\.+$/, "") ?? "";
          return summaryOf(`A:${text}`, { overview: `prev[${before}] ${text}`, abstract: `A:${text}` });
        });
        assert.ok((await commit(world, session, { reason: "test", seqs: [round + 1] })).ok);
      }
      return selectArchives(world.store.reader, session.row).map(({ overview }) => overview);
    },
  },
  {
    of: "merge",
    reference: only("merge", "newest_by_created_at_is_merged", "latest_context_overview"),
    async ours(world) {
      const session = await archivesOfOneLine(world, 10);
      await world.store.write((tx) => mergeArchives(tx, world.row(session), 99));
      const latest = selectLatestArchive(world.store.reader, session.row);
      return {
        newest_by_created_at_is_merged: (latest?.merges ?? 0) > 0,
        latest_context_overview: latest?.overview,
      };
    },
    departs: {
      to: { newest_by_created_at_is_merged: false, latest_context_overview: "A:c10" },
      why: "the latest is the one of the newest lines, whenever it was written",
    },
  },
  {
    of: "merge_mark_failure",
    reference: { ok: false, is_as_before: true, marks_left: 0 },
    async ours(world) {
      const session = await archivesOfOneLine(world, 10);
      await runSql(
        world,
        "CREATE TRIGGER fault BEFORE UPDATE OF merged_into ON archives BEGIN SELECT RAISE(ABORT, 'fault'); END",
      );
      const ok = await world.store
        .write((tx) => mergeArchives(tx, world.row(session), 99))
        .then(
          () => true,
          () => false,
        );
      const marks = rowsOf(world.store.reader, "SELECT id FROM archives WHERE merged_into IS NOT NULL").length;
      return {
        ok,
        is_as_before: selectArchives(world.store.reader, session.row).length === 10,
        marks_left: marks,
      };
    },
  },
  ...vectors.merge_counts
    .filter(({ max, archives }) => max === 10 && archives > 1)
    .map(
      ({ archives, merged }): VectorCase => ({
        of: "merge_counts",
        reference: { archives, merged },
        async ours(world) {
          const session = await archivesOfOneLine(world, archives);
          await world.store.write((tx) => mergeArchives(tx, world.row(session), 99));
          const [oldest] = selectLiveArchives(world.store.reader, session.row);
          return { archives, merged: oldest?.merges ?? 0 };
        },
        ...(archives < 10
          ? {}
          : {
              departs: {
                to: { archives, merged: archives - 5 },
                why: "the oldest n-5 become one, so that the next merge is five archives away",
              },
            }),
      }),
    ),
  {
    of: "get_context",
    reference: { latest_overview: given("get_context").latest_overview, budget_ignored: true },
    async ours(world) {
      const session = await archivesOfOneLine(world, 2);
      const archives = selectLiveArchives(world.store.reader, session.row);
      const pieces = { prompt: "", memory: [], archives, windowState: null, messages: [], scale: 1 };
      const { before } = assembleContext(pieces, 1_000);
      assert.match(before, /> A:c2$/);
      return {
        latest_overview: archives.at(-1)?.overview,
        budget_ignored: assembleContext(pieces, 10).tokens > 10,
      };
    },
    departs: {
      to: { latest_overview: "A:c2", budget_ignored: false },
      why: "archives are in the order of their lines",
    },
  },
  {
    of: "tasks_never_removed",
    reference: vectors.tasks_never_removed,
    async ours(world) {
      const session = await talked(world, "m0", "m1");
      for (const seq of [1, 2]) await commit(world, session, { reason: "test", seqs: [seq] });
      assert.equal(rowsOf(world.store.reader, "SELECT id FROM lifecycle_jobs").length, 2);
      world.clock.jumpWallClock(world.clock.nowMs() + 8 * 24 * 3_600_000);
      await collectGarbage({ store: world.store, clock: world.clock });
      return rowsOf(world.store.reader, "SELECT id FROM lifecycle_jobs").length;
    },
    departs: { to: 0, why: "jobs are forgotten after seven days" },
  },
  {
    of: "commit_snapshot",
    reference: only("commit_snapshot", "archived", "still_in_buffer", "commit_count"),
    async ours(world) {
      const session = await talked(world, "a");
      const { ok } = await commit(world, session, firstLines(1));
      return { archived: ok, still_in_buffer: world.window(session), commit_count: commitCount(world, session) };
    },
    departs: {
      to: { archived: true, still_in_buffer: [], commit_count: 1 },
      why: "what is archived leaves the window in the same transaction: a line is never in two places",
    },
  },
  {
    of: "commit_snapshot",
    reference: { archived: false },
    ours: async (world) => ({ archived: (await commit(world, await talked(world, "a"), firstLines(0))).ok }),
  },
  {
    of: "tokens",
    reference: vectors.tokens,
    ours: async () => Object.fromEntries(Object.keys(vectors.tokens).map((text) => [text, legacyTextTokens(text)])),
  },
  {
    of: "extraction_counter",
    reference: { while_one_runs: "in_progress" },
    async ours(world) {
      const session = await talked(world, "m0", "m1");
      const claim = () =>
        world.store.write((tx) => claimRefresh(tx, session.row, { reason: "test" }, { owner: "o", nowMs: 0 }));
      await claim();
      return { while_one_runs: await claim() };
    },
  },
  {
    of: "pending",
    reference: only("pending", "ids"),
    async ours(world) {
      const session = await talked(world, "m0");
      await world.store.write((tx) => markExtracted(tx, session.row, { fromSeq: 1, toSeq: 1 }));
      return { ids: pendingExtraction(world.store.reader, session.row, 1) };
    },
  },
];
