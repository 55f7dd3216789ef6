import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startParley } from "../support/daemon-process.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { tempDir } from "../support/temp-dir.ts";
import { mirrorText, NOON_MS, openTestStore } from "../support/test-store.ts";
import { checkLeft, checkRows } from "./check-left.ts";
import { losePower } from "./lose-power.ts";
import { startMortal } from "./mortal-daemon.ts";
import { anyPlan, type CrashRound, countDeath } from "./round.ts";

const REACH = {
  statement: 20_000,
  before_commit: 14,
  torn_commit: 14,
  after_commit: 14,
  before_append: 10,
  torn_append: 10,
  after_append: 10,
} as const;
const LINES = 2_000;
const SESSIONS = 3;

/** An import of long transcripts dies again and again, and is begun again each time: in the end every line is there once. */
export const importRound: CrashRound = async ({ random, kills, tally }) => {
  using folder = tempDir();
  const given = writeExport(folder.path);
  const args = (dataDir: string) => [
    "sessions",
    "import",
    given.index,
    "--transcripts",
    given.transcripts,
    "--data-dir",
    dataDir,
  ];
  for (let kill = 0, nth = 0; kill < kills; nth++) {
    const dataDir = join(folder.path, `data-${nth}`);
    mkdirSync(dataDir);
    // Some times on top of what an import that died has left, until one comes to its end.
    for (; kill < kills; ) {
      const plan = anyPlan(random, REACH);
      const mortal = startMortal(dataDir, args(dataDir), plan);
      const { signal } = await mortal.process.ended;
      await checkLeft(dataDir);
      if (signal === null) break;
      kill += 1;
      const note = mortal.lastNote();
      countDeath(tally, note?.point ?? "at random");
      if (note === null || (plan.point !== "torn_commit" && random.onceIn(2))) continue;
      losePower(dataDir, note, random);
      tally.powerFailures += 1;
      await checkLeft(dataDir);
    }
    const whole = startParley(dataDir, args(dataDir));
    assert.deepEqual(await whole.ended, { code: 0, signal: null }, whole.complaints());
    checkRows(dataDir);
    await using store = await openTestStore(dataDir, fakeClock(NOON_MS));
    for (const id of given.ids) {
      const lines = mirrorText(store, id).trim().split("\n");
      assert.deepEqual(
        lines.map((line) => (JSON.parse(line) as { content: string }).content),
        given.texts,
        `what was imported of ${id}`,
      );
      tally.lines += lines.length;
    }
  }
};

function writeExport(folder: string) {
  const transcripts = join(folder, "given");
  mkdirSync(transcripts);
  const ids = Array.from({ length: SESSIONS }, (_, n) => `20260101_08000${n}_00c0ffe${n}`);
  const texts = Array.from({ length: LINES }, (_, n) => `line ${n} of what was said before`);
  const lines = texts.map((content, n) => JSON.stringify({ role: n % 2 === 0 ? "user" : "assistant", content }));
  const index = Object.fromEntries(
    ids.map((session_id, n) => [
      `agent:main:telegram:dm:${n}`,
      {
        session_id,
        created_at: "2026-01-01T08:00:00",
        updated_at: "2026-04-05T12:00:00",
        origin: { platform: "telegram", chat_id: String(n), chat_type: "dm" },
      },
    ]),
  );
  for (const id of ids) writeFileSync(join(transcripts, `${id}.jsonl`), `${lines.join("\n")}\n`);
  writeFileSync(join(folder, "sessions.json"), JSON.stringify(index));
  return { index: join(folder, "sessions.json"), transcripts, ids, texts };
}
