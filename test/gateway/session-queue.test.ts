import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type QueuedRow, type QueuedTurn, sessionQueue } from "../../src/gateway/session-queue.ts";

const apart = { maxConcurrentTurns: 1, maxPending: 50, joins: () => false };
const roomy = { ...apart, maxConcurrentTurns: 16 };
const row = (inboxId: number, about: Partial<QueuedRow> = {}): QueuedRow => ({
  inboxId,
  joins: true,
  holds: false,
  ...about,
});
const idsOf = (turn: QueuedTurn | null) => turn?.rows.map(({ inboxId }) => inboxId) ?? null;

test("the first message of an idle key runs at once, the next ones wait in order", () => {
  const queue = sessionQueue(roomy);
  assert.equal(queue.offer("a", false), "run");
  assert.equal(queue.offer("a", false), "behind");
  assert.equal(queue.offer("a", false), "behind");
  queue.admitted("a", row(2));
  queue.admitted("a", row(3));
  assert.equal(queue.take(), null, "one turn at a time a key");
  const second = queue.successor("a");
  assert.deepEqual(idsOf(second), [2]);
  queue.finished("a", second);
  const third = queue.successor("a");
  assert.deepEqual(idsOf(third), [3]);
  queue.finished("a", third);
  assert.equal(queue.successor("a"), null);
  queue.finished("a", null);
  assert.deepEqual([queue.running(), queue.waiting()], [0, 0]);
});

test("a message that waits only for a slot is not behind another of its key", () => {
  const queue = sessionQueue(apart);
  assert.equal(queue.offer("a", false), "run");
  assert.equal(queue.offer("b", false), "wait");
});

test("a busy key does not delay others: after each turn the key that waited longest comes next", () => {
  const queue = sessionQueue(apart);
  queue.offer("busy", false);
  for (let id = 2; id <= 4; id++) {
    queue.offer("busy", false);
    queue.admitted("busy", row(id));
  }
  queue.offer("quiet", false);
  queue.admitted("quiet", row(5));
  const order: string[] = [];
  for (let key: string | null = "busy"; key !== null; ) {
    const next: QueuedTurn | null = queue.successor(key);
    queue.finished(key, next);
    const taken: QueuedTurn | null = next ?? queue.take();
    if (taken !== null) order.push(`${taken.key} ${taken.rows[0]?.inboxId}`);
    key = taken?.key ?? null;
  }
  assert.deepEqual(order, ["quiet 5", "busy 2", "busy 3", "busy 4"]);
});

test("a key with maxPending messages waiting is full, and another is not", () => {
  const queue = sessionQueue({ ...roomy, maxPending: 2 });
  const arrive = (key: string, id: number) => {
    const admission = queue.offer(key, false);
    if (admission === "behind") queue.admitted(key, row(id));
    return admission;
  };
  assert.deepEqual(["a", "a", "a", "a", "b"].map(arrive), ["run", "behind", "behind", "full", "run"]);
});

test("what is being stored crowds a key and does not fill it: it may be known already", () => {
  const queue = sessionQueue({ ...roomy, maxPending: 2 });
  const crowded = [1, 2, 3, 4].map(() => [queue.offer("a", false), queue.isCrowded("a")]);
  assert.deepEqual(crowded, [
    ["run", false],
    ["behind", false],
    ["behind", false],
    ["behind", true],
  ]);
  for (let n = 0; n < 2; n++) queue.withdraw("a", "behind");
  assert.equal(queue.isCrowded("a"), false);
});

test("a withdrawn offer leaves no trace", () => {
  const queue = sessionQueue(apart);
  assert.equal(queue.offer("a", false), "run");
  assert.equal(queue.offer("b", false), "wait");
  queue.withdraw("b", "wait");
  queue.withdraw("a", "run");
  assert.deepEqual([queue.running(), queue.waiting()], [0, 0]);
  assert.equal(queue.offer("a", false), "run");
});

test("what could not begin is the first of its key again", () => {
  const queue = sessionQueue(apart);
  queue.restore("a", 1);
  queue.restore("a", 2);
  const taken = queue.take();
  assert.deepEqual(idsOf(taken), [1]);
  if (taken !== null) queue.putBack(taken);
  assert.deepEqual(idsOf(queue.take()), [1]);
});

test("a closed queue gives out nothing, and what arrives still waits", () => {
  const queue = sessionQueue(roomy);
  queue.restore("a", 1);
  queue.close();
  assert.equal(queue.take(), null);
  assert.equal(queue.offer("b", false), "wait");
  assert.equal(queue.successor("a"), null);
});

test("what waits behind a turn becomes one turn where it may, and a command stays alone", () => {
  const queue = sessionQueue({ ...roomy, joins: () => true });
  queue.offer("a", false);
  for (const waiting of [row(2), row(3), row(4, { joins: false }), row(5), row(6)]) {
    queue.offer("a", false);
    queue.admitted("a", waiting);
  }
  const turns: (number[] | null)[] = [];
  for (let next = queue.successor("a"); next !== null; next = queue.successor("a")) {
    turns.push(idsOf(next));
    queue.finished("a", next);
  }
  assert.deepEqual(turns, [[2, 3], [4], [5, 6]]);
});

test("the beginning of a message waits for its rest, and is one turn with it in every mode", () => {
  const queue = sessionQueue(roomy);
  assert.equal(queue.offer("a", true), "wait");
  queue.admitted("a", row(1, { holds: true }));
  assert.equal(queue.take(), null);
  assert.equal(queue.offer("a", true), "behind");
  queue.admitted("a", row(2, { holds: true }));
  assert.equal(queue.take(), null);
  queue.release("a");
  assert.deepEqual(idsOf(queue.take()), [1, 2]);
});

test("a message that is no beginning ends the wait for the rest", () => {
  const queue = sessionQueue(roomy);
  queue.offer("a", true);
  queue.admitted("a", row(1, { holds: true }));
  queue.offer("a", false);
  queue.admitted("a", row(2));
  queue.offer("a", false);
  queue.admitted("a", row(3));
  assert.deepEqual(idsOf(queue.take()), [1, 2]);
});

test("a running turn may take what waits behind it, up to the next command", () => {
  const queue = sessionQueue({ ...roomy, joins: () => true });
  queue.offer("a", false);
  for (const waiting of [row(2), row(3), row(4, { joins: false })]) {
    queue.offer("a", false);
    queue.admitted("a", waiting);
  }
  assert.deepEqual(
    queue.takeJoining("a").map(({ inboxId }) => inboxId),
    [2, 3],
  );
  assert.deepEqual(queue.takeJoining("a"), []);
  assert.deepEqual(idsOf(queue.successor("a")), [4]);
});

test("whatever happens, each key's rows run once, in order, one turn at a time, within the slots", () => {
  type Step = {
    readonly kind: "arrive" | "arrive twice" | "finish" | "claim fails" | "release";
    readonly key: number;
    readonly joins: boolean;
    readonly holds: boolean;
  };
  const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.constantFrom("arrive" as const, "arrive twice", "finish", "claim fails", "release"),
    key: fc.nat(4),
    joins: fc.boolean(),
    holds: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 120 }),
      fc.integer({ min: 1, max: 3 }),
      fc.boolean(),
      (steps, slots, joined) => {
        const limits = { maxConcurrentTurns: slots, maxPending: 1_000, joins: () => joined };
        const queue = sessionQueue(limits);
        const running = new Set<string>();
        const arrived = new Map<string, number[]>();
        const ran = new Map<string, number[]>();
        const commands = new Set<number>();
        let nextId = 1;
        const begin = ({ key, rows }: QueuedTurn) => {
          assert.equal(running.has(key), false, "two turns of a key at once");
          const ids = rows.map(({ inboxId }) => inboxId);
          if (ids.length > 1) assert.ok(!ids.some((id) => commands.has(id)), "a command shares no turn");
          running.add(key);
          ran.set(key, [...(ran.get(key) ?? []), ...ids]);
          assert.ok(running.size <= slots);
        };
        const pump = () => {
          for (let next = queue.take(); next !== null; next = queue.take()) begin(next);
        };
        const arrive = (key: string, { joins, holds }: Step) => {
          const admission = queue.offer(key, joins && holds);
          const inboxId = nextId++;
          if (admission === "full") return;
          if (!joins) commands.add(inboxId);
          arrived.set(key, [...(arrived.get(key) ?? []), inboxId]);
          const queued = row(inboxId, { joins, holds: joins && holds });
          if (admission === "run") begin({ key, rows: [queued] });
          else queue.admitted(key, queued);
          pump();
        };
        const finish = (key: string) => {
          if (!running.delete(key)) return;
          const next = queue.successor(key);
          queue.finished(key, next);
          if (next !== null) begin(next);
          pump();
        };
        for (const each of steps) {
          const name = `k${each.key}`;
          if (each.kind === "arrive") arrive(name, each);
          else if (each.kind === "finish") finish(name);
          else if (each.kind === "release") {
            queue.release(name);
            pump();
          } else if (each.kind === "arrive twice") {
            const admission = queue.offer(name, each.joins && each.holds);
            if (admission !== "full") queue.withdraw(name, admission);
            pump();
          } else {
            const taken = queue.take();
            if (taken !== null) queue.putBack(taken);
            pump();
          }
        }
        for (let key = 0; key <= 4; key++) queue.release(`k${key}`);
        pump();
        while (running.size > 0) for (const key of [...running]) finish(key);
        assert.deepEqual(ran, arrived);
        assert.deepEqual([queue.running(), queue.waiting()], [0, 0]);
      },
    ),
    { numRuns: 500 },
  );
});
