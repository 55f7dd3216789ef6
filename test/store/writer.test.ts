import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import Database from "better-sqlite3";
import { putMeta, selectMeta } from "../../src/store/meta.ts";
import { type Connection, openConnection } from "../../src/store/sqlite.ts";
import { StoreError } from "../../src/store/store-error.ts";
import { type Commit, type MirrorLines, openWriter, type Tx, type Writer } from "../../src/store/writer.ts";
import { tempDir } from "../support/temp-dir.ts";

interface Opened {
  readonly writer: Writer;
  readonly connection: Connection;
  readonly path: string;
  /** What happened, in order. */
  readonly log: string[];
  readonly commits: Commit[];
}

function openedWriter(t: TestContext, options: { readonly busyTimeoutMs?: number } = {}): Opened {
  const folder = tempDir();
  const path = join(folder.path, "parley.db");
  const connection = openConnection(path, "write", options);
  const log: string[] = [];
  const commits: Commit[] = [];
  const writer = openWriter(connection, {
    onLines: ({ bySession, throughRow }: MirrorLines) =>
      void log.push(`lines ${JSON.stringify([...bySession])} through ${throughRow}`),
    onCommit: (commit) => {
      commits.push(commit);
      log.push(`commit ${commit.writes}`);
    },
    monotonicMs: () => 0,
  });
  t.after(() => {
    connection.close();
    folder[Symbol.dispose]();
  });
  return { writer, connection, path, log, commits };
}

/** Adds a letter to the stored salt: shows what ran, in which order and how often. */
function add(letter: string) {
  return (tx: Tx) => {
    putMeta(tx, "salt", (selectMeta(tx, "salt") ?? "") + letter);
    return letter;
  };
}

const fail = () => {
  throw new Error("boom");
};

test("all writes of one tick share a transaction and are answered in their order", async (t) => {
  const { writer, connection, commits } = openedWriter(t);
  const answers = await Promise.all("abcdefghij".split("").map((letter) => writer.write(add(letter))));
  assert.deepEqual(answers, "abcdefghij".split(""));
  assert.equal(selectMeta(connection, "salt"), "abcdefghij");
  assert.deepEqual(
    commits.map(({ writes }) => writes),
    [10],
  );
});

test("a tick with very many writes is split, so that the first of them does not wait for the last", async (t) => {
  const { writer, connection, commits } = openedWriter(t);
  await Promise.all(Array.from({ length: 1_100 }, () => writer.write(add("x"))));
  assert.deepEqual(
    commits.map(({ writes }) => writes),
    [512, 512, 76],
  );
  assert.equal(selectMeta(connection, "salt")?.length, 1_100);
});

test("a caller resumes after its data is committed and its lines are handed over", async (t) => {
  const { writer, path, log } = openedWriter(t);
  await writer.write((tx) => {
    putMeta(tx, "salt", "s");
    tx.mirror("a", "1\n", 7);
    tx.mirror("b", "2\n", 9);
    tx.mirror("a", "3\n", 8);
    tx.afterCommit(() => log.push("after"));
  });
  log.push("resumed");
  const other = new Database(path, { readonly: true });
  t.after(() => other.close());
  assert.deepEqual(other.prepare("SELECT value FROM meta WHERE name = 'salt'").all(), [{ value: "s" }]);
  assert.deepEqual(log, ['lines [["a","1\\n3\\n"],["b","2\\n"]] through 9', "after", "commit 1", "resumed"]);
});

test("one failing write fails alone, even half-way, and the others of its tick are kept in order", async (t) => {
  const { writer, connection, commits } = openedWriter(t);
  const halfWay = (tx: Tx) => {
    add("!")(tx);
    tx.mirror("a", "never\n", 1);
    fail();
  };
  const results = await Promise.allSettled([
    writer.write(add("a")),
    writer.write(halfWay),
    writer.write(add("b")),
    writer.write((tx) => tx.run({ compiled: () => ({ sql: "INSERT INTO nowhere VALUES (1)", names: [] }) }, {})),
    writer.write(add("c")),
  ]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled", "rejected", "fulfilled"],
  );
  assert.match(String(results[1]?.status === "rejected" && results[1].reason), /boom/);
  assert.equal(selectMeta(connection, "salt"), "abc");
  assert.deepEqual(
    commits.map(({ writes }) => writes),
    [1, 1, 1],
  );
});

test("work that is run a second time has no double effect, and nothing of a rolled back run is told", async (t) => {
  const { writer, connection, log } = openedWriter(t);
  let runs = 0;
  const kept = writer.write((tx) => {
    runs += 1;
    add("x")(tx);
    tx.mirror("a", "x\n", 1);
    tx.afterCommit(() => log.push("kept"));
  });
  const lost = writer.write((tx) => {
    tx.mirror("a", "lost\n", 2);
    tx.afterCommit(() => log.push("lost"));
    fail();
  });
  await kept;
  await assert.rejects(lost, /boom/);
  assert.equal(runs, 2);
  assert.equal(selectMeta(connection, "salt"), "x");
  assert.deepEqual(log, ['lines [["a","x\\n"]] through 1', "kept", "commit 1"]);
});

test("a write sees what earlier writes of the same tick wrote", async (t) => {
  const { writer } = openedWriter(t);
  const [, seen] = await Promise.all([writer.write(add("a")), writer.write((tx) => selectMeta(tx, "salt"))]);
  assert.equal(seen, "a");
});

test("closing waits for what was asked for, then refuses; closing twice waits twice", async (t) => {
  const { writer, connection } = openedWriter(t);
  const asked = writer.write(add("a"));
  const closed = Promise.all([writer.close(), writer.close()]);
  await assert.rejects(
    writer.write(add("b")),
    (error) => error instanceof StoreError && error.kind === "closed" && /shutting down/.test(error.message),
  );
  await closed;
  assert.equal(selectMeta(connection, "salt"), "a");
  await asked;
  await writer.close();
});

test("writes that find the database locked fail together after one wait, and later ones go through", async (t) => {
  const { writer, connection, path } = openedWriter(t, { busyTimeoutMs: 60 });
  const other = new Database(path);
  t.after(() => other.close());
  other.exec("BEGIN IMMEDIATE");
  let runs = 0;
  const startedMs = performance.now();
  const results = await Promise.allSettled(
    Array.from({ length: 50 }, () =>
      writer.write(() => {
        runs += 1;
      }),
    ),
  );
  assert.ok(performance.now() - startedMs < 50 * 60, "they waited one after the other");
  assert.ok(
    results.every((it) => it.status === "rejected" && it.reason instanceof StoreError && it.reason.kind === "locked"),
  );
  assert.equal(runs, 0);
  other.exec("ROLLBACK");
  await writer.write(add("a"));
  assert.equal(selectMeta(connection, "salt"), "a");
});

test("a part of the work that throws is taken back alone, with its lines and what was to come after it", async (t) => {
  const { writer, connection, log } = openedWriter(t);
  const part = (mark: string, isLost: boolean) => (tx: Tx) => {
    add(mark)(tx);
    tx.mirror("a", `${mark}\n`, 5);
    tx.afterCommit(() => log.push(mark));
    if (isLost) fail();
    return mark;
  };
  const caught = await writer.write((tx) => {
    add("a")(tx);
    tx.mirror("a", "a\n", 4);
    assert.equal(tx.savepoint(part("b", false)), "b");
    assert.throws(() => tx.savepoint(part("c", true)), /boom/);
    assert.throws(
      () =>
        tx.savepoint((outer) => {
          outer.savepoint(part("d", false));
          fail();
        }),
      /boom/,
    );
    tx.savepoint((outer) => {
      assert.throws(() => outer.savepoint(part("e", true)), /boom/);
      add("f")(outer);
    });
    return "done";
  });
  assert.equal(caught, "done");
  assert.equal(selectMeta(connection, "salt"), "abf");
  assert.deepEqual(log, ['lines [["a","a\\nb\\n"]] through 5', "b", "commit 1"]);
});
