import assert from "node:assert/strict";
import { changeWindow, withTask } from "../../../src/memory/change-window.ts";
import { prepareCompaction } from "../../../src/memory/prepare-compaction.ts";
import { selectArchives } from "../../../src/store/archives.ts";
import { extractionWatermark, markExtracted, pendingExtraction } from "../../../src/store/extractions.ts";
import { selectJob } from "../../../src/store/lifecycle-jobs.ts";
import type { Session } from "../../../src/store/session.ts";
import { selectWindow } from "../../../src/store/windows.ts";
import { type LifecycleWorld, numbered, summaryOf } from "../../support/lifecycle-world.ts";
import { commit, commitCount, firstLines, runSql, talked } from "./commit-scene.ts";
import { given, only, vectors } from "./commit-vectors.ts";
import type { VectorCase } from "./vector-case.ts";

/** A commit of three lines whose archive can't be written; `meanwhile` happens while it is summed up. */
async function failed(world: LifecycleWorld, extracted: number, meanwhile: (session: Session) => Promise<unknown>) {
  const session = await talked(world, "m0", "m1", "m2");
  const setTask = (text: string) =>
    world.store.write((tx) =>
      changeWindow(tx, { id: session.row }, (window) => ({
        ...window,
        state: withTask(window.state, text, "agent", 0),
      })),
    );
  await setTask("task before");
  await world.store.write((tx) => markExtracted(tx, session.row, { fromSeq: 1, toSeq: extracted }));
  await runSql(world, "CREATE TRIGGER full BEFORE INSERT ON archives BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  world.summaries.push(async () => {
    await meanwhile(session);
    return summaryOf("S");
  });
  const result = await commit(world, session, firstLines(3));
  const { state, commitCount: count, compactedAtMs, token } = selectWindow(world.store.reader, session.row);
  return {
    session,
    setTask,
    result,
    messages: world.window(session),
    watermark: extractionWatermark(world.store.reader, session.row),
    commit_count: count,
    last_commit_at_set: compactedAtMs !== null,
    token_restored: token !== null,
    active_task: state.activeTask?.text,
  };
}

/** Commits that succeed, fail, and meet each other. */
export const commitCases: readonly VectorCase[] = [
  {
    of: "commit_ok",
    reference: { left: given("commit_ok").left, archived: given("commit_ok").archived, meta: given("commit_ok").meta },
    async ours(world) {
      const session = await talked(world, "m0", "m1", "m2", "m3");
      const result = await commit(world, session, firstLines(4));
      const lines = world.asked[0]?.lines ?? [];
      const archived = result.ok ? lines.map(({ text }) => text.replace(/\.+$/, "")) : [];
      return { left: world.window(session), archived, meta: { commit_count: commitCount(world, session) } };
    },
  },
  {
    of: "commit_empty",
    reference: only("commit_empty", "archived"),
    ours: async (world) => ({ archived: (await commit(world, await world.open(), { reason: "test" })).ok }),
  },
  {
    of: "commit_fail_rollback",
    reference: only("commit_fail_rollback", "messages", "watermark", "active_task"),
    async ours(world) {
      const { messages, watermark, active_task } = await failed(world, 2, (session) => world.say(session, "late"));
      return { messages, watermark, active_task };
    },
  },
  {
    of: "commit_fail_rollback",
    reference: { ok: true, ...only("commit_fail_rollback", "commit_count", "last_commit_at_set") },
    async ours(world) {
      const { result, commit_count, last_commit_at_set } = await failed(world, 2, async () => {});
      return { ok: result.ok, commit_count, last_commit_at_set };
    },
    departs: {
      to: { ok: false, commit_count: 0, last_commit_at_set: false },
      why: "a failure is not ok, and counts nothing",
    },
  },
  {
    of: "commit_fail_rollback",
    reference: only("commit_fail_rollback", "token_restored"),
    async ours(world) {
      const session = await talked(world, ...numbered(1, 12));
      const token = await world.store.write((tx) => prepareCompaction(tx, world.row(session), world.clock.nowMs()));
      await runSql(world, "CREATE TRIGGER full BEFORE INSERT ON archives BEGIN SELECT RAISE(ABORT, 'disk full'); END");
      await commit(world, session, { reason: "test", token });
      return { token_restored: selectWindow(world.store.reader, session.row).token !== null };
    },
    departs: {
      to: { token_restored: false },
      why: "a token works once; one that is brought back is never valid again",
    },
  },
  {
    of: "rollback_watermark_loses_progress_of_late",
    reference: only("rollback_watermark_loses_progress_of_late", "messages", "watermark"),
    async ours(world) {
      const { messages, watermark } = await failed(world, 1, async (session) => {
        await world.say(session, "late");
        await world.store.write((tx) => markExtracted(tx, session.row, { fromSeq: 4, toSeq: 4 }));
      });
      return { messages, watermark };
    },
  },
  {
    of: "rollback_watermark_loses_progress_of_late",
    reference: ["m1", "m2", "late"],
    async ours(world) {
      const { session, messages } = await failed(world, 1, async (open) => {
        await world.say(open, "late");
        await world.store.write((tx) => markExtracted(tx, open.row, { fromSeq: 4, toSeq: 4 }));
      });
      return pendingExtraction(world.store.reader, session.row, 4).flatMap(({ fromSeq, toSeq }) =>
        messages.slice(fromSeq - 1, toSeq),
      );
    },
    departs: {
      to: ["m1", "m2"],
      why: "marks are ranges, not an index: what was learned meanwhile is not learned twice",
    },
  },
  {
    of: "rollback_overwrites_newer_active_task",
    reference: vectors.rollback_overwrites_newer_active_task,
    async ours(world) {
      const { active_task } = await failed(world, 2, (session) =>
        world.store.write((tx) =>
          changeWindow(tx, { id: session.row }, (window) => ({
            ...window,
            state: withTask(window.state, "please do the NEW thing", "person", 1),
          })),
        ),
      );
      return active_task;
    },
    departs: {
      to: "please do the NEW thing",
      why: "a commit that fails changes nothing, so there is nothing to bring back",
    },
  },
  {
    of: "memory_fallback",
    reference: only("memory_fallback", "archived", "messages_left", "archives_listed"),
    async ours(world) {
      const { session, result, messages } = await failed(world, 2, async () => {});
      const archives = selectArchives(world.store.reader, session.row).length;
      return { archived: result.ok, messages_left: messages, archives_listed: archives };
    },
    departs: {
      to: { archived: false, messages_left: ["m0", "m1", "m2"], archives_listed: 0 },
      why: "without a store nothing is archived, and says so",
    },
  },
  {
    of: "remove_during_commit",
    reference: only("remove_during_commit", "task", "live_messages"),
    async ours(world) {
      const session = await talked(world, "precious", "m1", "m2");
      world.summaries.push(async () => {
        await world.store.deleteSession(session.sessionId, world.clock.nowMs());
        await world.say(await world.open(), "new one");
        return summaryOf("S");
      });
      const result = await commit(world, session, firstLines(3));
      assert.ok(!result.ok && result.jobId !== null);
      return {
        task: selectJob(world.store.reader, result.jobId)?.state,
        live_messages: world.window(await world.open()),
      };
    },
  },
  {
    of: "second_commit",
    reference: { archived: false, left: given("second_commit").left, first: "completed" },
    async ours(world) {
      const session = await talked(world, "a");
      let second: Awaited<ReturnType<typeof commit>> | null = null;
      world.summaries.push(async () => {
        await world.say(session, "b");
        second = await commit(world, session, firstLines(2));
        return summaryOf("S");
      });
      const first = await commit(world, session, firstLines(1));
      assert.deepEqual(second, { ok: false, reason: "in_progress", jobId: null, error: null });
      return { archived: false, left: world.window(session), first: first.ok ? "completed" : first.reason };
    },
  },
];
