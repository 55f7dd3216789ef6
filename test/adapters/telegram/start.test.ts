import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { faults, refused } from "../../fake/telegram/faults.ts";
import { fakeClock } from "../../support/fake-clock.ts";
import { until } from "../../support/until.ts";
import { connect, token } from "./connect.ts";

suite("the start", () => {
  test("a wrong token is refused in words that help, and are not the token", async () => {
    for (const fault of [faults.unauthorized, refused(404, "Not Found")]) {
      await using c = await connect({ start: false });
      c.telegram.fault("*", fault);
      await assert.rejects(c.adapter.start(c.intake), (error: Error) => {
        assert.match(error.message, /@BotFather/);
        assert.match(error.message, /TELEGRAM_BOT_TOKEN/);
        assert.ok(!`${error.message}${error.stack}${String(error.cause)}`.includes(token));
        return true;
      });
      assert.equal(c.adapter.health().connected, false);
    }
  });

  test("a token of another bot's server is refused", async () => {
    await using c = await connect({ start: false, token: "1:other" });
    await assert.rejects(c.adapter.start(c.intake), /@BotFather/);
  });

  test("a server that can't be reached is tried again for ever; start does not wait for that", async () => {
    const clock = fakeClock(0);
    await using c = await connect({ start: false, clock, apiRoot: "http://127.0.0.1:9" });
    await c.adapter.start(c.intake);
    assert.equal(c.adapter.health().connected, false);
    assert.deepEqual(c.told.lines, ["disconnected: Telegram was not reached: ECONNREFUSED"]);
  });

  test("one that comes back is connected to", async () => {
    const clock = fakeClock(0);
    await using c = await connect({ start: false, clock });
    c.telegram.fault("getMe", faults.closed, { times: 3 });
    await c.adapter.start(c.intake);
    assert.equal(c.adapter.health().connected, false);
    c.telegram.say({ chatId: 1001, text: "hi" });
    await until("a message arrives", async () => {
      if (!c.adapter.health().connected) await clock.advance(1_000);
      return c.intake.messages.length === 1;
    });
    assert.deepEqual(c.told.lines.slice(1), ["connected"]);
    assert.equal(c.telegram.callCount("getMe"), 4);
  });

  test("a server that does not answer is not waited for", async () => {
    const clock = fakeClock(0);
    await using c = await connect({ start: false, clock });
    c.telegram.fault("getMe", faults.hang);
    const started = c.adapter.start(c.intake);
    await until("it is asked", () => c.telegram.callCount("getMe") === 1);
    await clock.advance(5_000);
    await started;
    assert.match(c.adapter.health().detail, /has not answered yet/);
  });

  test("an address that is no Bot API is said, not crashed on", async () => {
    const clock = fakeClock(0);
    await using c = await connect({ start: false, clock });
    c.telegram.fault("getMe", faults.garbage);
    await c.adapter.start(c.intake);
    assert.match(c.adapter.health().detail, /no JSON/);
  });

  test("a slash at the end of the address does no harm", async () => {
    await using c = await connect({ start: false });
    await using d = await connect({ apiRoot: `${c.telegram.url}/` });
    assert.ok(d.adapter.health().connected);
  });
});
