import assert from "node:assert/strict";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { create, extract, list } from "tar";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { selectDeadOutbox } from "../../src/store/outbox.ts";
import { RESTORING } from "../../src/store/unfinished-restore.ts";
import { bareGateway } from "../support/bare-gateway.ts";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { tempDir } from "../support/temp-dir.ts";
import { dmSource, line, testStore } from "../support/test-store.ts";
import { until } from "../support/until.ts";
import { workplace } from "./parley-process.ts";

describe("backup and restore", () => {
  test("a backup made while messages come in is whole, and restores to a data directory in which all is well", async () => {
    await using place = workplace();
    const daemon = await place.daemon();
    const say = async (chatId: string, n: number) => {
      const body = JSON.stringify({ chatId, userId: "1", text: `message ${n} of ${chatId}`, messageId: `${n}` });
      const headers = { "content-type": "application/json" };
      const sent = await fetch(`${daemon.url}/api/messages?wait=30`, { method: "POST", headers, body });
      assert.equal(sent.status, 200);
    };
    let isOver = false;
    const talk = async (chatId: string) => {
      for (let n = 1; !isOver; n += 1) await say(chatId, n);
    };
    await Promise.all(["one", "two", "three"].map((chat) => say(chat, 0)));
    mkdirSync(join(place.dataDir, "media", "2026-01"), { recursive: true });
    writeFileSync(join(place.dataDir, "media", "2026-01", "1-0-0123456789abcdef.png"), "a picture");
    const talking = Promise.all(["one", "two", "three"].map(talk));
    const archive = join(place.folder, "all.tar.gz");
    const made = await place.parley(["backup", archive]);
    isOver = true;
    await talking;
    assert.equal(made.status, 0, made.stderr);
    assert.match(made.stdout, /all\.tar\.gz: 3 sessions, \d+ messages, /);
    assert.equal(statSync(archive).mode & 0o777, 0o600);
    assert.deepEqual(
      readdirSync(place.folder).filter((name) => name.startsWith(".")),
      [],
      "nothing is left beside it",
    );
    const running = await place.parley(["restore", archive, "--force"]);
    assert.equal(running.status, 1);
    assert.match(running.stderr, /in use by process/);

    const restored = join(place.folder, "restored");
    const put = await place.parley(["restore", archive, "--data-dir", restored]);
    assert.equal(put.status, 0, put.stderr);
    assert.match(put.stdout, /^Restored 3 sessions and \d+ messages of /);
    const told = Number(/(\d+) messages/.exec(made.stdout)?.[1]);
    assert.ok(told >= 6, `${told} messages`);
    const transcripts = readdirSync(join(restored, "transcripts"));
    assert.equal(transcripts.length, 3);
    const lines = transcripts.flatMap((name) =>
      readFileSync(join(restored, "transcripts", name), "utf8")
        .trimEnd()
        .split("\n"),
    );
    assert.equal(lines.length, told);
    assert.equal(readFileSync(join(restored, "media", "2026-01", "1-0-0123456789abcdef.png"), "utf8"), "a picture");
    const doctor = await place.parley(["doctor", "--data-dir", restored]);
    assert.match(doctor.stdout, /^ok +transcripts: 3 compared, 0 mended$/m, doctor.stdout);
    assert.equal(doctor.status, 0, doctor.stdout);
  });

  test("what is there is only moved aside, and only when that is asked for; a bare database is restored too", async () => {
    await using place = workplace();
    await withSession(place.dataDir, "the first");
    const archive = join(place.folder, "first.tar.gz");
    assert.equal((await place.parley(["backup", archive])).status, 0);
    const again = await place.parley(["backup", archive]);
    assert.equal(again.status, 1);
    assert.match(again.stderr, /exists already\. Name a new file\./);
    await withSession(place.dataDir, "the second");
    const refused = await place.parley(["restore", archive]);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /holds data already/);
    assert.equal(await sessionsIn(place.dataDir), 2);
    const forced = await place.parley(["restore", archive, "--force"]);
    assert.equal(forced.status, 0, forced.stderr);
    assert.equal(await sessionsIn(place.dataDir), 1);
    const aside = readdirSync(place.dataDir).find((name) => name.startsWith("before-restore-")) ?? "";
    assert.equal(await sessionsIn(join(place.dataDir, aside)), 2);

    const bare = join(place.folder, "bare");
    const copied = await place.parley(["restore", join(place.dataDir, aside, "parley.db"), "--data-dir", bare]);
    assert.match(copied.stdout, /^Restored the database to /, copied.stderr);
    assert.equal(await sessionsIn(bare), 2);
  });

  test("posts that waited when a backup was made are held by its restore, until an operator lets them go", async () => {
    await using place = workplace();
    const lane = { platform: "memory", account: "default", chatId: "c", threadId: null };
    const adapter = memoryAdapter();
    adapter.beforePost = () => {
      throw new DeliveryError("unreachable", "down", { certain: true });
    };
    let first = 0;
    {
      await using bare = await bareGateway({ dataDir: place.dataDir, adapter });
      first = await bare.gateway.send(lane, "first");
      await bare.gateway.send(lane, "second");
    }
    const archive = join(place.folder, "waiting.tar.gz");
    assert.equal((await place.parley(["backup", archive])).status, 0);
    const restored = join(place.folder, "restored");
    const put = await place.parley(["restore", archive, "--data-dir", restored]);
    assert.match(put.stdout, /^2 posts are held: .*dead-letters/m, put.stderr);

    await using bare = await bareGateway({ dataDir: restored });
    assert.deepEqual(bare.store.stats().outbox, { pending: 0, dead: 2 });
    assert.match(selectDeadOutbox(bare.store.reader, first + 1, 1)[0]?.error ?? "", /^held: /);
    assert.equal(await bare.gateway.retryDead(first), true);
    await until("it is let go", () => bare.store.stats().outbox.pending === 0 && bare.adapter.posts.length > 0);
    assert.deepEqual(bare.adapter.textsIn("c"), ["first"]);
  });

  test("a restore that broke off keeps the daemon from starting until it is done again", async () => {
    await using place = workplace();
    await withSession(place.dataDir, "kept");
    const archive = join(place.folder, "kept.tar.gz");
    await place.parley(["backup", archive]);
    mkdirSync(join(place.dataDir, RESTORING));
    const started = await place.parley(["run", "--port", "0"]);
    assert.equal(started.status, 1);
    assert.match(started.stderr, /a restore broke off here\. Run parley restore again/);
    assert.equal((await place.parley(["restore", archive])).status, 0);
    assert.equal(await sessionsIn(place.dataDir), 1);
    assert.equal(existsSync(join(place.dataDir, RESTORING)), false);
  });

  test("an archive that is damaged, is somebody else's or reaches out of its folder is refused, and nothing changes", async () => {
    await using place = workplace();
    await withSession(place.dataDir, "kept");
    const archive = join(place.folder, "good.tar.gz");
    await place.parley(["backup", archive]);
    const bytes = readFileSync(archive);
    const half = join(place.folder, "half.tar.gz");
    writeFileSync(half, bytes.subarray(0, bytes.length / 2));
    const text = join(place.folder, "text.tar.gz");
    writeFileSync(text, "these are words");
    const unpacked = join(place.folder, "unpacked");
    mkdirSync(unpacked);
    await extract({ file: archive, cwd: unpacked });
    const altered = await packed(place.folder, unpacked, "altered", (folder) => {
      const [name = ""] = readdirSync(join(folder, "transcripts"));
      chmodSync(join(folder, "transcripts", name), 0o600);
      writeFileSync(join(folder, "transcripts", name), "{}\n", { flag: "a" });
    });
    const foreign = await packed(place.folder, unpacked, "foreign", (folder) => {
      writeFileSync(join(folder, "evil.sh"), "rm -rf");
    });
    const linked = await packed(place.folder, unpacked, "linked", (folder) => {
      mkdirSync(join(folder, "media"), { recursive: true });
      symlinkSync("/etc", join(folder, "media", "etc"));
    });
    const cases = [
      [half, /half\.tar\.gz: not a backup of Parley, or a damaged one/],
      [text, /text\.tar\.gz: not a backup of Parley, or a damaged one/],
      [altered, /altered\.tar\.gz: "transcripts\/[^"]+" is not as it was backed up/],
      [foreign, /foreign\.tar\.gz: holds "evil\.sh", which no backup of Parley does/],
      [linked, /linked\.tar\.gz: holds "media\/etc", which no backup of Parley does/],
      [join(place.folder, "none"), /none: there is no such file/],
    ] as const;
    for (const [path, why] of cases) {
      const { status, stderr } = await place.parley(["restore", path, "--force"]);
      assert.equal(status, 1, path);
      assert.match(stderr, why);
    }
    assert.equal(await sessionsIn(place.dataDir), 1);
    assert.deepEqual(
      readdirSync(place.dataDir).filter((name) => /unpacking|before/.test(name)),
      [],
    );
  });

  test("no file of the archive can be read by others, and no configured secret is in it", async () => {
    await using place = workplace();
    await withSession(place.dataDir, "kept");
    writeFileSync(join(place.folder, "parley.yaml"), "console: { token: canary-console-token-1 }\n");
    const archive = join(place.folder, "all.tar.gz");
    assert.equal((await place.parley(["backup", archive])).status, 0);
    const modes: number[] = [];
    await list({ file: archive, onReadEntry: (entry) => void modes.push((entry.mode ?? 0) & 0o077) });
    assert.ok(modes.length >= 4);
    assert.deepEqual([...new Set(modes)], [0]);
    using out = tempDir();
    await extract({ file: archive, cwd: out.path });
    for (const entry of readdirSync(out.path, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      assert.equal(
        readFileSync(join(entry.parentPath, entry.name)).includes("canary-console-token"),
        false,
        entry.name,
      );
    }
  });
});

async function packed(folder: string, from: string, name: string, change: (folder: string) => void): Promise<string> {
  const changed = join(folder, name);
  cpSync(from, changed, { recursive: true });
  change(changed);
  const file = join(folder, `${name}.tar.gz`);
  await create({ gzip: true, cwd: changed, file }, readdirSync(changed));
  return file;
}

async function withSession(dataDir: string, text: string): Promise<void> {
  await using opened = await testStore({ dataDir });
  const { session } = await opened.store.resolveSession(dmSource(text.replaceAll(" ", "-")), 0);
  await opened.store.appendMessages(session.sessionId, [line(text)]);
}

async function sessionsIn(dataDir: string): Promise<number> {
  await using opened = await testStore({ dataDir });
  return opened.store.listSessions({ limit: 10 }).sessions.length;
}
