import assert from "node:assert/strict";
import { test } from "node:test";
import { openLanes } from "../../../adapters/discord/lanes.ts";
import { until } from "../../support/until.ts";

function rig() {
  const failures: unknown[] = [];
  const idle: string[] = [];
  const lanes = openLanes({ onFailure: (error) => failures.push(error), onIdle: (key) => idle.push(key) });
  return { lanes, failures, idle };
}

test("work of a lane follows one another, that of others goes on, and a failure stops nothing", async () => {
  const { lanes, failures, idle } = rig();
  const done: string[] = [];
  const held = Promise.withResolvers<void>();
  lanes.run("a", async () => {
    await held.promise;
    done.push("a1");
    throw new Error("broken");
  });
  lanes.run("a", async () => void done.push("a2"));
  lanes.run("b", async () => void done.push("b1"));
  await Promise.resolve();
  assert.deepEqual(done, ["b1"]);
  held.resolve();
  await until("both lanes are empty", () => idle.length === 2);
  assert.deepEqual(done, ["b1", "a1", "a2"]);
  assert.equal(failures.length, 1);
});

test("a lane that has run empty is told of, and what its listener adds is done", async () => {
  const done: number[] = [];
  const second = Promise.withResolvers<void>();
  const lanes = openLanes({
    onFailure: (error) => assert.fail(String(error)),
    onIdle(key) {
      if (done.length > 1) second.resolve();
      else lanes.run(key, async () => void done.push(2));
    },
  });
  lanes.run("a", async () => void done.push(1));
  await second.promise;
  assert.deepEqual(done, [1, 2]);
});

test("a lane takes only so much", async () => {
  const { lanes } = rig();
  const held = Promise.withResolvers<void>();
  let taken = 0;
  while (lanes.run("a", () => held.promise)) taken++;
  assert.equal(taken, 501);
  assert.equal(
    lanes.run("b", async () => {}),
    true,
  );
  held.resolve();
  await lanes.stop();
});

test("a stop waits for what has begun, drops the rest, and takes nothing more", async () => {
  const { lanes, idle } = rig();
  const done: number[] = [];
  const held = Promise.withResolvers<void>();
  lanes.run("a", async () => {
    await held.promise;
    done.push(1);
  });
  lanes.run("a", async () => void done.push(2));
  const stopped = lanes.stop();
  assert.equal(
    lanes.run("a", async () => void done.push(3)),
    false,
  );
  held.resolve();
  await stopped;
  assert.deepEqual([done, idle], [[1], []]);
});
