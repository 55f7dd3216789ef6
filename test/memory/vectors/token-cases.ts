import { prepareCompaction } from "../../../src/memory/prepare-compaction.ts";
import { markExtracted } from "../../../src/store/extractions.ts";
import type { Session } from "../../../src/store/session.ts";
import { takeBack } from "../../../src/store/undo.ts";
import { selectWindow } from "../../../src/store/windows.ts";
import { type LifecycleWorld, numbered } from "../../support/lifecycle-world.ts";
import { commit, talked } from "./commit-scene.ts";
import { only, vectors } from "./commit-vectors.ts";
import type { VectorCase } from "./vector-case.ts";

type Meanwhile = (world: LifecycleWorld, session: Session, token: string) => Promise<unknown>;

const issue = (world: LifecycleWorld, session: Session) =>
  world.store.write((tx) => prepareCompaction(tx, world.row(session), world.clock.nowMs()));
const compact = (world: LifecycleWorld, session: Session, token: string) =>
  commit(world, session, { reason: "test", token });

/** Whether a token is good after something happened; `used` is tried in its place. */
async function isGood(world: LifecycleWorld, meanwhile: Meanwhile, used: string | null): Promise<boolean> {
  const session = await talked(world, ...numbered(1, 12));
  const token = await issue(world, session);
  await meanwhile(world, session, token);
  return (await compact(world, session, used ?? token)).ok;
}

const nothing: Meanwhile = async () => {};
/** what happens, what it is done by, what is tried in the token's place, and why it is otherwise here */
const uses: readonly (readonly [name: string, meanwhile: Meanwhile, used?: string | null, why?: string])[] = [
  ["wrong", nothing, "wrong"],
  ["empty_token", nothing, ""],
  ["after_message", (world, session) => world.say(session, "m13")],
  ["after_watermark", (world, { row }) => world.store.write((tx) => markExtracted(tx, row, { fromSeq: 1, toSeq: 1 }))],
  ["twice", compact],
  ["superseded_token", issue],
  ["expired_301s", (world) => world.clock.advance(301_000)],
  ["fresh_298s", (world) => world.clock.advance(298_000)],
  [
    "right_after_wrong",
    (world, session) => compact(world, session, "x"),
    null,
    "a failed use burns the token: it can't be guessed at",
  ],
  [
    "aba_count_and_watermark_equal_but_messages_differ",
    async (world, session) => {
      await world.store.write((tx) => takeBack(tx, world.row(session), 12));
      await world.say(session, "another");
    },
    null,
    "the window's version moves with every line that is taken back",
  ],
];

/** Prepare tokens. */
export const tokenCases: readonly VectorCase[] = [
  ...uses.map(
    ([name, meanwhile, used = null, why]): VectorCase => ({
      of: "prepare_token",
      reference: { [name]: vectors.prepare_token[name] },
      ours: async (world) => ({ [name]: await isGood(world, meanwhile, used) }),
      ...(why === undefined ? {} : { departs: { to: { [name]: false }, why } }),
    }),
  ),
  {
    of: "prepare_token",
    reference: only("prepare_token", "stale_token_kept_after_failed_consume"),
    async ours(world) {
      const session = await talked(world, ...numbered(1, 12));
      await world.store.write((tx) => prepareCompaction(tx, world.row(session), world.clock.nowMs()));
      await commit(world, session, { reason: "test", token: "wrong" });
      const { token } = selectWindow(world.store.reader, session.row);
      return { stale_token_kept_after_failed_consume: token !== null };
    },
    departs: { to: { stale_token_kept_after_failed_consume: false }, why: "a failed use burns the token" },
  },
];
