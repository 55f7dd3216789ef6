import assert from "node:assert/strict";
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { type ChatWorld, openWorld, platformNames } from "../support/chat-world.ts";
import { startDaemonProcess } from "../support/daemon-process.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { halfAtOnce } from "../support/half-at-once.ts";
import { untilConnected, writeConfig } from "../support/platform-daemon.ts";
import type { RandomNumbers } from "../support/random-numbers.ts";
import { tempDir } from "../support/temp-dir.ts";
import { mirrorText, openTestStore } from "../support/test-store.ts";
import { until } from "../support/until.ts";
import { checkLeft, checkRows } from "./check-left.ts";
import { type CrashChats, labelOf, openCrashChats } from "./crash-chats.ts";
import { losePower } from "./lose-power.ts";
import { type MortalProcess, startMortal } from "./mortal-daemon.ts";
import { anyPlan, type CrashRound, type CrashTally, countDeath } from "./round.ts";

/** How often a point may be passed before the death at it: about what a life of two seconds sees. */
const REACH = {
  statement: 300,
  before_commit: 40,
  torn_commit: 40,
  after_commit: 40,
  before_append: 25,
  torn_append: 25,
  after_append: 25,
  torn_rewrite: 4,
  before_rename: 4,
  after_rename: 4,
  before_removal: 2,
  after_removal: 2,
} as const;
/** A daemon takes about so long to start, and may die then as well. */
const STARTING_MS = 800;
/** A daemon that is up and has not come to its point by then is killed where it is. */
const LIFE_MS = 2_500;
/** Kills between two times at which everything has to be answered. */
const KILLS_A_SETTLING = 10;

/** People talk on three platforms while the daemon dies again and again, half of the times with the power. */
export const platformRound: CrashRound = async ({ random, kills, tally }) => {
  using folder = tempDir();
  try {
    await goThrough(join(folder.path, "data"), random, kills, tally);
  } catch (error) {
    const kept = `${folder.path}-kept`;
    cpSync(folder.path, kept, { recursive: true });
    throw new Error(`what there was, and what the daemons logged, is in ${kept}`, { cause: error });
  }
};

async function goThrough(dataDir: string, random: RandomNumbers, kills: number, tally: CrashTally): Promise<void> {
  mkdirSync(dataDir);
  await using closing = new AsyncDisposableStack();
  const worlds: ChatWorld[] = [];
  for (const platform of platformNames) worlds.push(closing.use(await openWorld(platform)));
  writeConfig(dataDir, worlds, { more: { agents: { main: halfAtOnce } } });
  const chats = openCrashChats(worlds, random);
  const settle = async () => {
    const daemon = await startDaemonProcess(dataDir, [], { logPath: `${dataDir}.log` });
    closing.defer(() => void daemon.child.kill("SIGKILL"));
    await untilConnected(worlds);
    if (chats.said() === 0) chats.begin();
    await untilSettled(daemon.url, dataDir, chats);
    assert.deepEqual(await daemon.end("SIGTERM"), { code: 0, signal: null });
    await checkLeft(dataDir);
    checkRows(dataDir);
  };
  // Discord's history is read where the bot has been spoken to before.
  await settle();
  for (let kill = 1; kill <= kills; kill++) {
    await liveAndDie(dataDir, chats, random, tally);
    await checkLeft(dataDir);
    if (kill % KILLS_A_SETTLING === 0 || kill === kills) await settle();
  }
  const given = givenUp(dataDir);
  tally.twice += chats.checkPosts((text) => given.has(text));
  tally.deadLetters += given.size;
  tally.messages += chats.said();
  tally.answered += chats.said() - chats.unanswered().length;
  tally.deleted += deletedUnanswered(dataDir);
  tally.lines += await checkTranscripts(dataDir, chats);
}

async function liveAndDie(dataDir: string, chats: CrashChats, random: RandomNumbers, tally: CrashTally): Promise<void> {
  const isRandom = random.onceIn(4);
  const plan = isRandom ? ({ point: "schema", nth: 1_000 } as const) : anyPlan(random, REACH);
  const args = ["run", "--data-dir", dataDir, "--port", "0", "--config", join(dataDir, "parley.yaml")];
  const mortal = startMortal(dataDir, args, plan);
  chats.burst();
  if (isRandom && random.onceIn(3)) await pause(random.below(STARTING_MS));
  else await until("it has come up or died", () => mortal.url() !== null || !mortal.isAlive());
  const upMs = performance.now();
  const lifeMs = isRandom ? random.below(LIFE_MS) : LIFE_MS;
  const livesOn = () => mortal.isAlive() && performance.now() - upMs < lifeMs;
  while (livesOn()) {
    chats.burst();
    if (random.onceIn(3)) await removeSession(mortal, chats, random);
    await pause(20 + random.below(150));
  }
  if (mortal.isAlive()) mortal.process.child.kill("SIGKILL");
  const end = await mortal.process.ended;
  assert.equal(end.signal, "SIGKILL", `the daemon ended by itself: ${mortal.process.complaints()}`);
  const note = mortal.lastNote();
  countDeath(tally, note?.point ?? "at random");
  if (note === null || (plan.point !== "torn_commit" && random.onceIn(2))) return;
  losePower(dataDir, note, random);
  tally.powerFailures += 1;
}

/** Somebody deletes what was said in one of the chats that change, by the API. */
async function removeSession(mortal: MortalProcess, chats: CrashChats, random: RandomNumbers): Promise<void> {
  const places = new Set(chats.all.flatMap(({ isRewritten, place }) => (isRewritten ? [place.chatId] : [])));
  try {
    const listed = await fetch(`${mortal.url()}/api/sessions?limit=100`);
    const { sessions } = (await listed.json()) as { sessions: { sessionId: string; source: { chatId: string } }[] };
    const theirs = sessions.filter(({ source }) => places.has(source.chatId));
    if (theirs.length === 0) return;
    await fetch(`${mortal.url()}/api/sessions/${random.oneOf(theirs).sessionId}`, { method: "DELETE" });
  } catch {
    // It died meanwhile.
  }
}

async function untilSettled(url: string, dataDir: string, chats: CrashChats): Promise<void> {
  const isIdle = async () => {
    const { store } = (await (await fetch(`${url}/api/status`)).json()) as {
      store: { outbox: { pending: number }; inbox: { waiting: number; running: number } };
    };
    return store.outbox.pending + store.inbox.waiting + store.inbox.running === 0;
  };
  await until("everything is answered or given up", async () => {
    if (!(await isIdle())) return false;
    const left = chats.unanswered();
    if (left.length === 0) return true;
    const given = givenUp(dataDir);
    const missing = left.filter((text) => !given.has(text));
    // Whose session somebody deleted while it waited is answered no more.
    return missing.length <= deletedUnanswered(dataDir) && missing.every((text) => chats.isRewritten(text));
  }).catch((error: unknown) => {
    const left = chats.unanswered().map((text) => `${text} on ${chats.platformOf(text)}: ${fateOf(dataDir, text)}`);
    throw new Error(`never answered:\n${left.join("\n")}`, { cause: error });
  });
}

/** Texts whose turn or whose answer is a dead letter, which an operator sees. */
function givenUp(dataDir: string): ReadonlySet<string> {
  const db = new Database(join(dataDir, "parley.db"), { readonly: true });
  try {
    const texts = db
      .prepare(
        "SELECT payload AS t FROM inbox WHERE state = 'dead' UNION ALL SELECT text FROM outbox WHERE state = 'dead'",
      )
      .pluck()
      .all();
    return new Set(texts.map((text) => labelOf(String(text))).filter((text) => text !== null));
  } finally {
    db.close();
  }
}

/** How many messages lost their session before they were answered. */
function deletedUnanswered(dataDir: string): number {
  const db = new Database(join(dataDir, "parley.db"), { readonly: true });
  try {
    return Number(db.prepare("SELECT count(*) FROM inbox WHERE error = 'session deleted'").pluck().get());
  } finally {
    db.close();
  }
}

/** Where a message has got to, for whoever reads that a test failed. */
function fateOf(dataDir: string, text: string): string {
  const db = new Database(join(dataDir, "parley.db"), { readonly: true });
  try {
    const line = db.prepare("SELECT * FROM messages WHERE content LIKE ? AND role = 'user'").get(`${text}%`);
    const waiting = db.prepare("SELECT id, state, attempts FROM inbox WHERE payload LIKE ?").all(`%${text}%`);
    const posts = db.prepare("SELECT * FROM outbox WHERE text LIKE ?").all(`${text}%`);
    return JSON.stringify({ line, waiting, posts });
  } finally {
    db.close();
  }
}

/** Where people only talked, each transcript has every message and its answer, in order; returns how many lines that were. */
async function checkTranscripts(dataDir: string, chats: CrashChats): Promise<number> {
  const given = givenUp(dataDir);
  let count = 0;
  await using store = await openTestStore(dataDir, fakeClock(0));
  for (const { isRewritten, said, place, world } of chats.all) {
    if (isRewritten) continue;
    const { sessions } = store.listSessions({ chatId: place.chatId, platform: world.platform });
    const lines = sessions.flatMap(({ sessionId }) => mirrorText(store, sessionId).trim().split("\n"));
    const read = lines
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as { role: string; content: string });
    const ofRole = (role: string) => read.filter((line) => line.role === role).map(({ content }) => labelOf(content));
    assert.deepEqual(ofRole("user"), said, `what was said on ${world.platform}`);
    const answered = said.filter((text) => ofRole("assistant").includes(text) || !given.has(text));
    assert.deepEqual(
      ofRole("assistant").filter((text) => text !== null),
      answered,
      `what was answered on ${world.platform}`,
    );
    count += read.length;
  }
  return count;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
