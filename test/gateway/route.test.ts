import assert from "node:assert/strict";
import { test } from "node:test";
import { routeFor } from "../../src/gateway/route.ts";
import { person } from "../support/bare-gateway.ts";

const agents = new Set(["main", "support", "ops"]);

test("the first route whose conditions all hold names the agent, and main answers everywhere else", () => {
  const routeOf = routeFor(
    [
      { match: { platform: "slack", chatId: "C1", userId: "U9" }, agent: "ops" },
      { match: { platform: "slack", chatId: "C1" }, agent: "support" },
    ],
    agents,
  );
  const slack = { ...person("C1"), platform: "slack" };
  assert.equal(routeOf({ ...slack, userId: "U9" }), "ops");
  assert.equal(routeOf(slack), "support");
  assert.equal(routeOf({ ...slack, chatId: "C2" }), "main");
  assert.equal(routeOf(person("C1")), "main");
});

test("a channel's route holds for the threads that hang in it", () => {
  const routeOf = routeFor([{ match: { chatId: "C1" }, agent: "support" }], agents);
  assert.equal(routeOf({ ...person("T7"), chatType: "thread", threadId: "T7", parentChatId: "C1" }), "support");
});

test("a route to an agent that does not exist is passed over", () => {
  assert.equal(routeFor([{ match: { platform: "memory" }, agent: "gone" }], agents)(person("c")), "main");
});

test("the alternative id of a person counts as well", () => {
  const routeOf = routeFor([{ match: { userId: "uuid" }, agent: "ops" }], agents);
  assert.equal(routeOf({ ...person("c"), userIdAlt: "uuid" }), "ops");
});
