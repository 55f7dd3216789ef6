import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { codeOf, messagePage, read, replied, sessionPage, shownSession, wordsOf } from "./answers.ts";

async function say(daemon: TestGateway, chatId: string, text: string): Promise<string> {
  const response = await daemon.post("/api/messages?wait=10", { chatId, userId: "u", userName: "Ann", text });
  return (await read(replied, response)).sessionId;
}

const patch = (title: unknown): RequestInit => ({
  method: "PATCH",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ title }),
});

test("sessions are listed with the last active first, page by page", async () => {
  await using daemon = await startTestGateway();
  const made = [await say(daemon, "a", "one"), await say(daemon, "b", "two"), await say(daemon, "c", "three")];
  const first = await read(sessionPage, await daemon.request("/api/sessions?limit=2"));
  const second = await read(sessionPage, await daemon.request(`/api/sessions?limit=2&cursor=${first.next}`));
  const listed = [...first.sessions, ...second.sessions];
  assert.deepEqual(listed.map(({ sessionId }) => sessionId).sort(), made.sort());
  assert.equal(second.next, null);
  const [newest] = first.sessions;
  assert.equal(newest?.preview, "three");
  assert.equal(newest?.description, "DM with Ann");
  assert.equal(newest?.state, "live");
});

test("a listing is narrowed by what is asked for", async () => {
  await using daemon = await startTestGateway();
  const kept = await say(daemon, "a", "one");
  await daemon.post("/api/messages?wait=10", { platform: "local", chatId: "a", userId: "u", text: "two" });
  const found = async (query: string) =>
    (await read(sessionPage, await daemon.request(`/api/sessions?${query}`))).sessions.map((one) => one.sessionId);
  assert.deepEqual(await found("platform=web"), [kept]);
  assert.deepEqual(await found("platform=web&chatId=a&live=true"), [kept]);
  assert.deepEqual(await found("live=false"), []);
  assert.equal((await found("chatId=a")).length, 2);
  await daemon.store.setTitle(kept, "Holidays");
  assert.deepEqual(await found("title=olid"), [kept]);
});

for (const query of [
  "limit=0",
  "limit=501",
  "live=yes",
  "cursor=zzz",
  "chatType=room",
  "colour=red",
  "createdFromMs=x",
]) {
  test(`the listing query ${query} is refused`, async () => {
    await using daemon = await startTestGateway();
    const response = await daemon.request(`/api/sessions?${query}`);
    assert.equal(response.status, 400);
    assert.equal(await codeOf(response), "invalid_request");
  });
}

test("a transcript is read from its end, page by page", async () => {
  await using daemon = await startTestGateway();
  for (const text of ["one", "two", "three"]) await say(daemon, "a", text);
  const sessionId = await say(daemon, "a", "four");
  const path = `/api/sessions/${sessionId}/messages`;
  const newest = await read(messagePage, await daemon.request(`${path}?limit=3`));
  assert.deepEqual(
    newest.messages.map(({ seq, content }) => [seq, content]),
    [
      [6, "three"],
      [7, "four"],
      [8, "four"],
    ],
  );
  const older = await read(messagePage, await daemon.request(`${path}?limit=500&before=${newest.next}`));
  assert.deepEqual(
    older.messages.map(({ seq }) => seq),
    [1, 2, 3, 4, 5],
  );
  assert.equal(older.next, null);
});

test("a session is named, and its name cleared", async () => {
  await using daemon = await startTestGateway();
  const path = `/api/sessions/${await say(daemon, "a", "one")}`;
  assert.equal((await read(shownSession, await daemon.request(path, patch("Plans\nof ours")))).title, "Plans of ours");
  assert.equal((await read(shownSession, await daemon.request(path, patch(null)))).title, null);
  assert.equal((await daemon.request(path, patch("x".repeat(201)))).status, 400);
  assert.match(await wordsOf(await daemon.request(path, patch(5))), /^title: expected a text/);
});

test("a reset ends the session and opens a fresh one, and a resume goes back", async () => {
  await using daemon = await startTestGateway();
  const first = await say(daemon, "a", "one");
  const changed: string[] = [];
  daemon.gateway.feed.subscribe((event) => {
    if (event.kind === "session") changed.push(event.sessionId);
  });
  const fresh = await read(shownSession, await daemon.post(`/api/sessions/${first}/reset`, {}));
  assert.equal(fresh.state, "live");
  assert.equal(fresh.messageCount, 0);
  assert.notEqual(fresh.sessionId, first);
  const ended = await read(shownSession, await daemon.request(`/api/sessions/${first}`));
  assert.equal(ended.state, "ended");
  assert.equal(ended.endReason, "reset");
  assert.equal(await codeOf(await daemon.post(`/api/sessions/${first}/reset`, {})), "not_live");

  const back = await read(shownSession, await daemon.post(`/api/sessions/${first}/resume`, {}));
  assert.equal(back.sessionId, first);
  assert.equal(back.state, "live");
  assert.equal(await say(daemon, "a", "two"), first);
  assert.deepEqual(new Set(changed), new Set([first, fresh.sessionId]));
});

test("a deleted session is gone", async () => {
  await using daemon = await startTestGateway();
  const path = `/api/sessions/${await say(daemon, "a", "one")}`;
  assert.equal((await daemon.request(path, { method: "DELETE" })).status, 204);
  assert.equal((await daemon.request(path)).status, 404);
  assert.deepEqual((await read(sessionPage, await daemon.request("/api/sessions"))).sessions, []);
});

for (const id of ["20260101_000000_00000000", "nonsense", "..%2f..%2fetc%2fpasswd", "%00"]) {
  test(`the session ${id} is not found, by no route`, async () => {
    await using daemon = await startTestGateway();
    const path = `/api/sessions/${id}`;
    const answers = await Promise.all([
      daemon.request(path),
      daemon.request(`${path}/messages`),
      daemon.post(`${path}/reset`, {}),
      daemon.post(`${path}/resume`, {}),
      daemon.request(path, patch("x")),
      daemon.request(path, { method: "DELETE" }),
    ]);
    for (const answer of answers) {
      assert.equal(answer.status, 404);
      assert.equal(await codeOf(answer), "not_found");
    }
  });
}

test("a deletion leaves what was remembered, unless it is to be forgotten, too", async () => {
  await using daemon = await startTestGateway();
  const known = async () =>
    ((await (await daemon.request("/api/memory")).json()) as { memories: readonly { content: string }[] }).memories.map(
      ({ content }) => content,
    );
  const told = async (chatId: string, text: string) => {
    const sessionId = await say(daemon, chatId, "hello");
    await say(daemon, chatId, `/remember ${text}`);
    return `/api/sessions/${sessionId}`;
  };
  const [kept, forgotten] = [await told("a", "I like tea"), await told("b", "I live in Rome")];
  assert.equal((await daemon.request(`${kept}?forget=perhaps`, { method: "DELETE" })).status, 400);
  assert.equal((await daemon.request(kept, { method: "DELETE" })).status, 204);
  assert.equal((await daemon.request(`${forgotten}?forget=true`, { method: "DELETE" })).status, 204);
  assert.deepEqual(await known(), ["I like tea"]);
});
