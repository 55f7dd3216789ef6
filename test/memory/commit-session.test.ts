import assert from "node:assert/strict";
import { test } from "node:test";
import { changeWindow, withTask } from "../../src/memory/change-window.ts";
import { commitSession } from "../../src/memory/commit-session.ts";
import { SUMMARY_PROMPT_VERSION } from "../../src/memory/prompts/summary-prompt.ts";
import { runLifecycleJobs } from "../../src/memory/run-lifecycle-jobs.ts";
import { selectArchive, selectArchives, selectLatestArchive } from "../../src/store/archives.ts";
import { pendingExtraction } from "../../src/store/extractions.ts";
import { selectJob, selectJobsOfSession } from "../../src/store/lifecycle-jobs.ts";
import { selectWindow } from "../../src/store/windows.ts";
import { lifecycleWorld, numbered, summaryOf } from "../support/lifecycle-world.ts";
import { line, rowsOf } from "../support/test-store.ts";

const now = { reason: "test" };

test("12 messages: 1 to 7 are archived, 8 to 12 stay, and the counters move by one", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await world.say(session, ...numbered(1, 12));
  const result = await commitSession(world.lifecycle, session.sessionId, now);
  assert.ok(result.ok);
  assert.deepEqual(
    { from: result.from, to: result.to, preserved: result.preserved, removed: result.removed, summary: result.summary },
    { from: 1, to: 7, preserved: 5, removed: 7, summary: "S1" },
  );
  assert.equal(result.tokensBefore, 70);
  assert.ok(result.tokensAfter < result.tokensBefore);
  assert.deepEqual(world.window(session), numbered(8, 12));
  const { commitCount, cycle, compactedAtMs } = selectWindow(world.store.reader, session.row);
  assert.deepEqual(
    { commitCount, cycle, compactedAtMs },
    { commitCount: 1, cycle: 1, compactedAtMs: world.clock.nowMs() },
  );
  const latest = selectLatestArchive(world.store.reader, session.row);
  assert.equal(latest?.archiveId, result.archiveId);
  assert.deepEqual(selectArchive(world.store.reader, result.archiveId), latest);
  assert.deepEqual(selectJob(world.store.reader, result.jobId)?.result, result);
});

test("an archive says with which words its summary was asked for, and none where no model was", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  for (const strategy of ["summarize", "truncate"] as const) {
    await world.say(session, ...numbered(1, 12));
    assert.ok((await commitSession(world.lifecycle, session.sessionId, { ...now, strategy })).ok);
  }
  const versions = selectArchives(world.store.reader, session.row).map(({ details }) => details.promptVersion);
  assert.deepEqual(versions, [SUMMARY_PROMPT_VERSION, null]);
});

test("a window that is no longer than its tail, and an empty session, are not compacted", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  const empty = { ok: false, reason: "empty", jobId: null, error: null };
  assert.deepEqual(await commitSession(world.lifecycle, session.sessionId, now), empty);
  await world.say(session, ...numbered(1, 3));
  assert.deepEqual(await commitSession(world.lifecycle, session.sessionId, now), empty);
  assert.deepEqual(await commitSession(world.lifecycle, "no such session", now), empty);
  assert.deepEqual(rowsOf(world.store.reader, "SELECT * FROM windows"), []);
});

test("what arrives while a summary is made follows what stays, whether the commit succeeds or the store fails", async () => {
  for (const fails of [false, true]) {
    await using world = await lifecycleWorld();
    const session = await world.open();
    await world.say(session, ...numbered(1, 12));
    world.summaries.push(async () => {
      await world.say(session, "late");
      return summaryOf("S");
    });
    const { write } = world.store;
    let isLast = false;
    const failing = {
      reader: world.store.reader,
      write: <T>(work: Parameters<typeof write<T>>[0]) =>
        write<T>((tx) => {
          const result = work(tx);
          isLast = typeof result === "object" && result !== null && "tokensAfter" in result;
          if (fails && isLast) throw new Error("disk full");
          return result;
        }),
    };
    const before = selectWindow(world.store.reader, session.row);
    const result = await commitSession({ ...world.lifecycle, store: failing }, session.sessionId, now);
    if (fails) {
      assert.deepEqual(result, { ok: false, reason: "store_failed", jobId: 1, error: "disk full" });
      assert.deepEqual(world.window(session), [...numbered(1, 12), "late"]);
      assert.deepEqual(selectWindow(world.store.reader, session.row), before);
      assert.deepEqual(selectArchives(world.store.reader, session.row), []);
    } else {
      assert.ok(result.ok);
      assert.deepEqual(world.window(session), [...numbered(8, 12), "late"]);
    }
    assert.deepEqual(pendingExtraction(world.store.reader, session.row, 13), [{ fromSeq: 8, toSeq: 13 }]);
    if (!fails) continue;
    // The job was given back, and succeeds at its next attempt.
    await world.clock.advance(60_000);
    assert.equal(await runLifecycleJobs(world.lifecycle), 1);
    assert.deepEqual(world.window(session), [...numbered(8, 12), "late"]);
  }
});

test("a task that is set while a commit runs stays, whether it fails or succeeds", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await world.say(session, ...numbered(1, 12));
  const setTask = () =>
    world.store.write((tx) =>
      changeWindow(tx, { id: session.row }, (window) => ({
        ...window,
        state: withTask(window.state, "NEW", "agent", world.clock.nowMs()),
      })),
    );
  world.summaries.push(async () => {
    await setTask();
    return summaryOf("S", { activeTask: "OLD", decisions: ["use Go"] });
  });
  assert.ok((await commitSession(world.lifecycle, session.sessionId, now)).ok);
  const { state } = selectWindow(world.store.reader, session.row);
  assert.equal(state.activeTask?.text, "NEW");
  assert.deepEqual(
    state.commitments.map(({ kind, text }) => [kind, text]),
    [["decision", "use Go"]],
  );
});

test("20 commits at once make one archive, and each line is in one place", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await world.say(session, ...numbered(1, 12));
  const results = await Promise.all(
    Array.from({ length: 20 }, () => commitSession(world.lifecycle, session.sessionId, now)),
  );
  assert.equal(results.filter(({ ok }) => ok).length, 1);
  assert.equal(results.filter((result) => !result.ok && result.reason === "in_progress").length, 19);
  assert.equal(selectArchives(world.store.reader, session.row).length, 1);
  assert.deepEqual(world.window(session), numbered(8, 12));
});

test("a session that is deleted while it is committed has no archive afterwards, and the job has failed", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await world.say(session, ...numbered(1, 12));
  world.summaries.push(async () => {
    await world.store.deleteSession(session.sessionId, world.clock.nowMs());
    return summaryOf("S");
  });
  const result = await commitSession(world.lifecycle, session.sessionId, now);
  assert.equal(result.ok, false);
  assert.equal(!result.ok && result.reason, "stale");
  assert.deepEqual(rowsOf(world.store.reader, "SELECT * FROM archives"), []);
  const commits = selectJobsOfSession(world.store.reader, session.row, 9).filter(({ kind }) => kind === "commit");
  assert.deepEqual(
    commits.map(({ state }) => state),
    ["failed"],
  );
});

test("lines that are taken back fail the commit that was to archive them, and no other", async () => {
  for (const [fromSeq, isOk] of [
    [6, false],
    [11, true],
  ] as const) {
    await using world = await lifecycleWorld();
    const session = await world.open();
    await world.say(session, ...numbered(1, 12));
    world.summaries.push(async () => {
      const { takeBack } = await import("../../src/store/undo.ts");
      await world.store.write((tx) => takeBack(tx, world.row(session), fromSeq));
      await world.say(session, ...numbered(21, 29));
      return summaryOf("S");
    });
    const result = await commitSession(world.lifecycle, session.sessionId, now);
    assert.equal(result.ok, isOk, `from ${fromSeq}`);
  }
});

test("without a model, and with the strategy truncate, lines are quoted at once", async () => {
  for (const strategy of ["truncate", "summarize"] as const) {
    await using world = await lifecycleWorld({ extracts: false });
    const session = await world.open();
    await world.say(session, ...numbered(1, 12));
    const lifecycle = { ...world.lifecycle, ...(strategy === "truncate" ? {} : { summarise: null }) };
    const result = await commitSession(lifecycle, session.sessionId, { ...now, strategy });
    assert.ok(result.ok && result.isExtractive);
    assert.deepEqual(world.asked, []);
    assert.equal(selectLatestArchive(world.store.reader, session.row)?.redoAtMs === null, strategy === "truncate");
  }
});

test("a second summary is made from the first, and every fifth from all that are live", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  for (let round = 0; round < 6; round += 1) {
    await world.say(session, ...numbered(1, 12));
    assert.ok((await commitSession(world.lifecycle, session.sessionId, now)).ok);
  }
  assert.deepEqual(
    world.asked.map(({ earlier }) => earlier.map(({ overview }) => overview)),
    [[], ["S1"], ["S2"], ["S3"], ["S1", "S2", "S3", "S4"], ["S5"]],
  );
});

test("instructions reach the summariser, and a hybrid summary is made of shortened lines", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await world.say(session, "long ".repeat(400), ...numbered(2, 12));
  const instructions = "focus on the invoices";
  const result = await commitSession(world.lifecycle, session.sessionId, { ...now, strategy: "hybrid", instructions });
  assert.ok(result.ok && !result.isExtractive);
  assert.equal(world.asked[0]?.instructions, instructions);
  assert.equal(world.asked[0]?.lines[0]?.text.length, 501);
});

test("a border inside an assistant's calls and their results moves before the assistant", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await world.say(session, ...numbered(1, 6));
  const said = { senderId: null, senderName: null };
  const call = (id: string) => ({ id, type: "function", function: { name: "look", arguments: "{}" } });
  await world.store.appendMessages(session.sessionId, [
    line("looking", { role: "assistant", ...said, extra: { tool_calls: [call("a"), call("b")] } }),
    line("result a", { role: "tool", ...said, extra: { tool_call_id: "a" } }),
    line("result b", { role: "tool", ...said, extra: { tool_call_id: "b" } }),
    line("so", { role: "user" }),
    line("yes", { role: "assistant", ...said }),
    line("and", { role: "user" }),
  ]);
  const result = await commitSession(world.lifecycle, session.sessionId, now);
  assert.equal(result.ok && result.to, 6);
});

test("exactly the lines that are named are archived, if they are the beginning of the window", async () => {
  await using world = await lifecycleWorld();
  const session = await world.open();
  await world.say(session, ...numbered(1, 12));
  const commit = (seqs: number[]) => commitSession(world.lifecycle, session.sessionId, { ...now, seqs });
  for (const [seqs, reason] of [
    [[], "empty"],
    [[2, 3], "stale"],
    [[1, 3], "stale"],
    [[12, 13], "stale"],
  ] as const) {
    const result = await commit([...seqs]);
    assert.equal(!result.ok && result.reason, reason, seqs.join());
  }
  const result = await commit([1, 2, 3]);
  assert.ok(result.ok);
  assert.deepEqual(world.window(session), numbered(4, 12));
  assert.equal(!(await commit([1, 2, 3])).ok, true);
});
