import type { CommitRequest } from "../../../src/memory/claim-commit.ts";
import { commitSession } from "../../../src/memory/commit-session.ts";
import type { Session } from "../../../src/store/session.ts";
import { selectWindow } from "../../../src/store/windows.ts";
import type { LifecycleWorld } from "../../support/lifecycle-world.ts";

/** A commit of the first so many lines. */
export const firstLines = (count: number): CommitRequest => ({
  reason: "test",
  seqs: Array.from({ length: count }, (_, place) => place + 1),
});
/** Commits without extracting. */
export const commit = (world: LifecycleWorld, { sessionId }: Session, request: CommitRequest) =>
  commitSession({ ...world.lifecycle, extract: null }, sessionId, request);
/** Runs a statement of the test. */
export const runSql = (world: LifecycleWorld, sql: string) =>
  world.store.write((tx) => tx.run({ compiled: () => ({ sql, names: [] }) }, {}));
/** How often a session was compacted. */
export const commitCount = ({ store }: LifecycleWorld, { row }: Session) => selectWindow(store.reader, row).commitCount;

/** A session in which this was said. */
export async function talked(world: LifecycleWorld, ...texts: readonly string[]): Promise<Session> {
  const session = await world.open();
  await world.say(session, ...texts);
  return session;
}
