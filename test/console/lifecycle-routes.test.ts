import assert from "node:assert/strict";
import { test } from "node:test";
import { claimCommit } from "../../src/memory/claim-commit.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { attentiveAgent, usualMemory } from "../support/usual-memory.ts";

type Json = Readonly<Record<string, unknown>>;

/** A daemon with a conversation of twelve lines, and where its session is. */
async function talked(memory: typeof usualMemory | null = usualMemory) {
  const agent = attentiveAgent({ messages: 100, tokens: 50_000 });
  const daemon = await startTestGateway(memory === null ? { agent } : { agent, memory });
  for (const text of ["my ferry is Aurora", "well", "so", "right", "fine", "good"])
    await daemon.post("/api/messages?wait=10", { chatId: "c", userId: "ann", userName: "Ann", text });
  const [session] = daemon.store.listSessions({ live: true }).sessions;
  assert.ok(session !== undefined);
  return { daemon, session, path: `/api/sessions/${session.sessionId}` };
}

const json = async (answer: Promise<Response>, status = 200): Promise<Json> => {
  const response = await answer;
  const body = (await response.json()) as Json;
  assert.equal(response.status, status, JSON.stringify(body));
  return body;
};
const working = async (daemon: TestGateway) =>
  ((await json(daemon.request("/api/lifecycle"))).sessions as readonly Json[])[0] ?? {};

test("a conversation is looked at, compacted with a token in two steps, and its job tells how that went", async () => {
  const { daemon, path, session } = await talked();
  await using _ = daemon;
  const before = await working(daemon);
  assert.deepEqual(
    [before.sessionId, before.state, before.windowLines, before.pendingLines, before.activeTask],
    [session.sessionId, "active", 12, 12, null],
  );
  const { token, expiresAtMs } = await json(daemon.post(`${path}/prepare-compaction`, {}));
  assert.ok(Number(expiresAtMs) > Date.now());
  const wish = { token, instructions: "dwell on ferries", strategy: "summarize" };
  const done = await json(daemon.post(`${path}/compact`, wish));
  assert.deepEqual([done.ok, done.from, done.to, done.preserved], [true, 1, 7, 5]);
  const again = await json(daemon.post(`${path}/compact`, { token }));
  assert.deepEqual([again.ok, again.reason], [false, "token_invalid"]);
  const shown = await json(daemon.request(`${path}/lifecycle`));
  assert.deepEqual([shown.windowFromSeq, shown.windowToSeq, shown.commitCount], [8, 12, 1]);
  const jobs = shown.jobs as readonly Json[];
  assert.ok(jobs.some(({ kind, state }) => kind === "commit" && state === "done"));
  const job = await json(daemon.request(`/api/lifecycle/jobs/${String(done.jobId)}`));
  assert.deepEqual([job.kind, job.archiveId, job.sessionId], ["commit", done.archiveId, session.sessionId]);
});

test("exactly the lines that are named are archived, if they are the beginning of the window", async () => {
  const { daemon, path } = await talked();
  await using _ = daemon;
  const stale = await json(daemon.post(`${path}/compact`, { seqs: [2, 3] }));
  assert.deepEqual([stale.ok, stale.reason], [false, "stale"]);
  const done = await json(daemon.post(`${path}/compact`, { seqs: [1, 2, 3, 4], strategy: "truncate" }));
  assert.deepEqual([done.ok, done.to, done.isExtractive], [true, 4, true]);
});

test("a job can be cancelled while it is open, and nothing has changed then", async () => {
  const { daemon, path, session } = await talked();
  await using _ = daemon;
  const claim = await daemon.store.write((tx) =>
    claimCommit(tx, session.sessionId, { reason: "test" }, { owner: "somebody", nowMs: Date.now() }),
  );
  assert.ok(claim.kind === "claimed");
  assert.equal((await working(daemon)).state, "compacting");
  const job = `/api/lifecycle/jobs/${claim.job.id}`;
  const cancelled = await json(daemon.request(job, { method: "DELETE" }));
  assert.deepEqual([cancelled.state, cancelled.error], ["cancelled", "cancelled by an operator"]);
  await json(daemon.request(job, { method: "DELETE" }), 409);
  assert.equal((await json(daemon.request(`${path}/lifecycle`))).commitCount, 0);
  assert.equal((await working(daemon)).state, "active");
});

test("what is not there, or not asked for rightly, says so", async () => {
  const { daemon, path } = await talked(null);
  await using _ = daemon;
  const nobody = "/api/sessions/20260101_000000_00000000";
  for (const there of [`${nobody}/lifecycle`, "/api/lifecycle/jobs/99", "/api/lifecycle/jobs/x"])
    await json(daemon.request(there), 404);
  for (const there of [`${nobody}/compact`, `${nobody}/prepare-compaction`]) await json(daemon.post(there, {}), 404);
  await json(daemon.post(`${path}/compact`, { strategy: "magic" }), 400);
  const off = await json(daemon.post(`${path}/compact`, {}), 409);
  assert.match(JSON.stringify(off), /Nothing is compacted here/);
});
