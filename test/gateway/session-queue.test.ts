import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type QueuedTurn, sessionQueue } from "../../src/gateway/session-queue.ts";

const roomy = { maxConcurrentTurns: 16, maxPending: 50 };

test("the first message of an idle key runs at once, the next ones wait in order", () => {
  const queue = sessionQueue(roomy);
  assert.equal(queue.offer("a"), "run");
  assert.equal(queue.offer("a"), "behind");
  assert.equal(queue.offer("a"), "behind");
  queue.admitted("a", 2);
  queue.admitted("a", 3);
  assert.equal(queue.take(), null, "one turn at a time a key");
  const second = queue.successor("a");
  assert.deepEqual(second, { key: "a", inboxId: 2 });
  queue.finished("a", second);
  const third = queue.successor("a");
  assert.deepEqual(third, { key: "a", inboxId: 3 });
  queue.finished("a", third);
  assert.equal(queue.successor("a"), null);
  queue.finished("a", null);
  assert.deepEqual([queue.running(), queue.waiting()], [0, 0]);
});

test("a message that waits only for a slot is not behind another of its key", () => {
  const queue = sessionQueue({ maxConcurrentTurns: 1, maxPending: 50 });
  assert.equal(queue.offer("a"), "run");
  assert.equal(queue.offer("b"), "wait");
});

test("a busy key does not delay others: after each turn the key that waited longest comes next", () => {
  const queue = sessionQueue({ maxConcurrentTurns: 1, maxPending: 50 });
  queue.offer("busy");
  for (let id = 2; id <= 4; id++) {
    queue.offer("busy");
    queue.admitted("busy", id);
  }
  queue.offer("quiet");
  queue.admitted("quiet", 5);
  const order: string[] = [];
  for (let key: string | null = "busy"; key !== null; ) {
    const next: QueuedTurn | null = queue.successor(key);
    queue.finished(key, next);
    const taken: QueuedTurn | null = next ?? queue.take();
    if (taken !== null) order.push(`${taken.key} ${taken.inboxId}`);
    key = taken?.key ?? null;
  }
  assert.deepEqual(order, ["quiet 5", "busy 2", "busy 3", "busy 4"]);
});

test("a key with maxPending messages waiting is full, and another is not", () => {
  const queue = sessionQueue({ maxConcurrentTurns: 16, maxPending: 2 });
  assert.deepEqual(
    ["a", "a", "a", "a", "b"].map((key) => queue.offer(key)),
    ["run", "behind", "behind", "full", "run"],
  );
});

test("a withdrawn offer leaves no trace", () => {
  const queue = sessionQueue({ maxConcurrentTurns: 1, maxPending: 50 });
  assert.equal(queue.offer("a"), "run");
  assert.equal(queue.offer("b"), "wait");
  queue.withdraw("b", "wait");
  queue.withdraw("a", "run");
  assert.deepEqual([queue.running(), queue.waiting()], [0, 0]);
  assert.equal(queue.offer("a"), "run");
});

test("what could not begin is the first of its key again", () => {
  const queue = sessionQueue({ maxConcurrentTurns: 1, maxPending: 50 });
  queue.restore("a", 1);
  queue.restore("a", 2);
  const taken = queue.take();
  assert.deepEqual(taken, { key: "a", inboxId: 1 });
  if (taken !== null) queue.putBack(taken, "take");
  assert.deepEqual(queue.take(), { key: "a", inboxId: 1 });
});

test("a closed queue gives out nothing, and what arrives still waits", () => {
  const queue = sessionQueue(roomy);
  queue.restore("a", 1);
  queue.close();
  assert.equal(queue.take(), null);
  assert.equal(queue.offer("b"), "wait");
  assert.equal(queue.successor("a"), null);
});

test("whatever happens, each key's rows run once, in order, one at a time, within the slots", () => {
  type Step = { readonly kind: "arrive" | "arrive twice" | "finish" | "claim fails"; readonly key: number };
  const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.constantFrom("arrive" as const, "arrive twice" as const, "finish" as const, "claim fails" as const),
    key: fc.nat(4),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 1, max: 3 }), (steps, slots) => {
      const queue = sessionQueue({ maxConcurrentTurns: slots, maxPending: 1_000 });
      const running = new Map<string, number>();
      const arrived = new Map<string, number[]>();
      const ran = new Map<string, number[]>();
      let nextId = 1;
      const begin = ({ key, inboxId }: QueuedTurn) => {
        assert.equal(running.has(key), false, "two turns of a key at once");
        running.set(key, inboxId);
        ran.set(key, [...(ran.get(key) ?? []), inboxId]);
        assert.ok(running.size <= slots);
      };
      const pump = () => {
        for (let next = queue.take(); next !== null; next = queue.take()) begin(next);
      };
      const arrive = (key: string) => {
        const admission = queue.offer(key);
        const inboxId = nextId++;
        if (admission === "full") return;
        arrived.set(key, [...(arrived.get(key) ?? []), inboxId]);
        if (admission === "run") begin({ key, inboxId });
        else queue.admitted(key, inboxId);
        pump();
      };
      const finish = (key: string) => {
        if (!running.delete(key)) return;
        const next = queue.successor(key);
        queue.finished(key, next);
        if (next !== null) begin(next);
        pump();
      };
      for (const { kind, key } of steps) {
        const name = `k${key}`;
        if (kind === "arrive") arrive(name);
        else if (kind === "finish") finish(name);
        else if (kind === "arrive twice") {
          const admission = queue.offer(name);
          if (admission !== "full") queue.withdraw(name, admission);
          pump();
        } else {
          const taken = queue.take();
          if (taken !== null) queue.putBack(taken, "take");
          pump();
        }
      }
      while (running.size > 0) for (const key of [...running.keys()]) finish(key);
      assert.deepEqual(ran, arrived);
      assert.deepEqual([queue.running(), queue.waiting()], [0, 0]);
    }),
    { numRuns: 300 },
  );
});
