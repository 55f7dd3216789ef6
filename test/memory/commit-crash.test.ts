import assert from "node:assert/strict";
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { commitSession } from "../../src/memory/commit-session.ts";
import { LEASE_MS } from "../../src/memory/lifecycle.ts";
import { recoverAbandoned } from "../../src/memory/recover-lifecycle.ts";
import { runLifecycleJobs } from "../../src/memory/run-lifecycle-jobs.ts";
import { selectArchives } from "../../src/store/archives.ts";
import { selectExtractions } from "../../src/store/extractions.ts";
import { selectWindow } from "../../src/store/windows.ts";
import { claimOf, lifecycleWorld, numbered } from "../support/lifecycle-world.ts";
import { tempDir } from "../support/temp-dir.ts";
import { copyDatabase, rowsOf } from "../support/test-store.ts";

test("a process that is killed after any step of a commit leaves it as before or as after; the next process, and one that waited for the lease, write one archive", async () => {
  using copies = tempDir();
  await using world = await lifecycleWorld();
  const session = await world.open();
  await world.say(session, ...numbered(1, 12));
  const taken: string[] = [];
  /** The files as a process that dies now leaves them. */
  const copy = () => {
    const folder = join(copies.path, String(taken.length));
    mkdirSync(folder);
    copyDatabase(world.dataDir, folder);
    cpSync(join(world.dataDir, "transcripts"), join(folder, "transcripts"), { recursive: true });
    taken.push(folder);
  };
  const { write } = world.store;
  const watched = {
    reader: world.store.reader,
    async write<T>(work: Parameters<typeof write<T>>[0]): Promise<T> {
      copy();
      const result = await write<T>(work);
      copy();
      return result;
    },
  };
  world.claims.push([claimOf("Prefers tea")]);
  const result = await commitSession({ ...world.lifecycle, store: watched }, session.sessionId, { reason: "test" });
  assert.ok(result.ok);
  // Claim, claim of the extraction, its end, the question for more of it, the archive, the merge.
  assert.ok(taken.length >= 10, `${taken.length} copies`);

  const archivedAtOnce: number[] = [];
  for (const dataDir of taken) {
    await using again = await lifecycleWorld({ dataDir, clock: world.clock });
    const archives = selectArchives(again.store.reader, session.row);
    archivedAtOnce.push(archives.length);
    const { commitCount } = selectWindow(again.store.reader, session.row);
    assert.equal(commitCount, archives.length);
    assert.deepEqual(again.window(session), archives.length === 0 ? numbered(1, 12) : numbered(8, 12));
    assert.deepEqual(again.store.integrityProblems(), []);
  }
  assert.equal(archivedAtOnce[0], 0);
  assert.equal(archivedAtOnce.at(-1), 1);

  const goOn = async (dataDir: string, isNewOwner: boolean) => {
    await using again = await lifecycleWorld({ dataDir, clock: world.clock });
    if (isNewOwner) await recoverAbandoned(again.lifecycle);
    await runLifecycleJobs(again.lifecycle);
    assert.deepEqual(
      selectArchives(again.store.reader, session.row).map(({ archiveId, fromSeq, toSeq }) => ({
        archiveId,
        fromSeq,
        toSeq,
      })),
      [{ archiveId: result.archiveId, fromSeq: 1, toSeq: 7 }],
    );
    assert.deepEqual(again.window(session), numbered(8, 12));
    assert.deepEqual(selectExtractions(again.store.reader, session.row), [{ fromSeq: 1, toSeq: 7 }]);
    const open = "SELECT id FROM lifecycle_jobs WHERE state IN ('running', 'waiting')";
    assert.deepEqual(rowsOf(again.store.reader, open), []);
  };
  const claimed = taken.slice(1);
  for (const dataDir of claimed.filter((_, place) => place % 2 === 0)) await goOn(dataDir, true);
  await world.clock.advance(LEASE_MS);
  for (const dataDir of claimed.filter((_, place) => place % 2 === 1)) await goOn(dataDir, false);
});
