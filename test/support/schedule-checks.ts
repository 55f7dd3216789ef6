import assert from "node:assert/strict";
import type { Spoken } from "./schedule.ts";
import { linesIn, messagesIn, postsIn } from "./schedule-rows.ts";
import type { ScheduleWorld, WorldTurn } from "./schedule-world.ts";

/** What must hold when a schedule has come to its end, whatever happened in it. */
export function checkSchedule(world: ScheduleWorld, spoken: readonly Spoken[]): void {
  const chats = new Set(spoken.map(({ chat }) => chat));
  for (const chat of chats) {
    const said = spoken.filter((each) => each.chat === chat && each.outcome === "accepted");
    const turns = world.turns.filter((turn) => turn.chat === chat);
    const fate = fateOf(world, chat);
    checkLines(chat, said, fate, linesIn(world.bare.store.reader, chat));
    checkTurns(chat, said, fate, turns);
    checkPosts(world, chat);
  }
  assert.ok(
    world.posts.every(({ chatId }) => chats.has(chatId)),
    "no post in a place where nobody spoke",
  );
  assert.deepEqual(
    spoken.filter(({ outcome }) => outcome === "unconfirmed"),
    [],
    "what was not taken was delivered again",
  );
}

/** Transcripts have no gap, and each person's line once, in the order in which it was said. */
function checkLines(
  chat: string,
  said: readonly Spoken[],
  fate: ReadonlyMap<string, Fate>,
  lines: readonly { readonly seq: number; readonly role: string; readonly content: string; readonly session: number }[],
): void {
  const bySession = Map.groupBy(lines, ({ session }) => session);
  for (const [, ofSession] of bySession) {
    const seqs = ofSession.map(({ seq }) => seq);
    assert.deepEqual(
      seqs,
      Array.from({ length: seqs.length }, (_, at) => at + 1),
      `gapless in ${chat}`,
    );
  }
  const heard = lines.filter(({ role }) => role === "user").map(({ content }) => content);
  assert.equal(new Set(heard).size, heard.length, `each line once in ${chat}: ${heard.join()}`);
  const messages = said.filter(({ text }) => !text.startsWith("/"));
  const kept = messages.filter(({ messageId }) => fate.get(messageId) !== "dropped").map(({ text }) => text);
  const dropped = new Set(messages.map(({ text }) => text).filter((text) => !kept.includes(text)));
  assert.deepEqual(
    heard.filter((text) => !dropped.has(text)),
    kept,
    `every line of ${chat}, in order`,
  );
}

/** Every message is in exactly one turn that came to its end, or was given up, or dropped by a person. */
function checkTurns(
  chat: string,
  said: readonly Spoken[],
  fate: ReadonlyMap<string, Fate>,
  turns: readonly WorldTurn[],
): void {
  for (const { messageId, text } of said) {
    if (text.startsWith("/")) continue;
    const having = (state: WorldTurn["state"]) =>
      turns.filter((turn) => turn.state === state && turn.asked.includes(text)).length;
    assert.ok(having("settled") <= 1, `${text} was answered ${having("settled")} times`);
    const isAnswered = having("settled") + having("unsure") >= 1;
    if (fate.get(messageId) === "done") assert.ok(isAnswered, `${text} was never answered`);
    if (fate.get(messageId) === "stopped") {
      const later = said.slice(said.findIndex((each) => each.messageId === messageId));
      assert.ok(!isAnswered && later.some((each) => each.text === "/stop"), `${text} was stopped by nobody`);
    }
  }
  const order = turns.filter(({ state }) => state === "settled").flatMap(({ asked }) => asked.slice(0, 1));
  const places = order.map((text) => said.findIndex((each) => each.text === text));
  assert.deepEqual(
    places,
    places.toSorted((one, other) => one - other),
    `turns of ${chat} in order: ${order.join()}`,
  );
}

/** Posts left in order, in the right chat, none more often than the doubt allows, and every answer is there, whole. */
function checkPosts(world: ScheduleWorld, chat: string): void {
  const posts = world.posts.filter(({ chatId }) => chatId === chat);
  const ids = posts.map(({ outboxId }) => outboxId);
  assert.deepEqual(
    ids,
    ids.toSorted((one, other) => one - other),
    `posts of ${chat} in order`,
  );
  for (const { arrivals, text } of posts) assert.ok(arrivals <= 2, `${text} was posted ${arrivals} times`);

  const rows = postsIn(world.bare.store.reader, chat);
  for (const row of rows) {
    const seen = posts.find(({ outboxId }) => outboxId === row.id);
    if (row.state === "sent") assert.equal(seen?.text, row.text, `what people see of ${row.id} is what was to be said`);
  }
  for (const turn of world.turns.filter(({ state }) => state === "settled" || state === "unsure")) {
    const whole = turn.written.join("");
    if (whole === "") continue;
    const saying = rows.filter(({ text }) => text.includes(whole));
    const mentions = rows.filter(({ text }) => text.includes(`${turn.name}.1;`));
    if (turn.chat !== chat) assert.equal(mentions.length, 0, `${turn.name} of ${turn.chat} was said in ${chat}`);
    else if (turn.state === "settled") {
      const sent = saying.filter(({ state }) => state === "sent").length;
      assert.ok(sent <= 1 && saying.length >= 1, `the answer ${whole} is said ${sent} times, kept ${saying.length}`);
    }
  }
}

/** How an inbox row ended: `dead` after three kills, `dropped` by `/queue clear`, `stopped` before its agent was asked. */
type Fate = "done" | "dead" | "dropped" | "stopped";

/** How the messages of a chat ended, by their ids. */
function fateOf(world: ScheduleWorld, chat: string): ReadonlyMap<string, Fate> {
  return new Map(
    messagesIn(world.bare.store.reader, chat).map(({ message_id, state, error }) => {
      if (error?.startsWith("dropped") === true) return [message_id, "dropped"];
      if (error === "stopped: before the agent was asked") return [message_id, "stopped"];
      return [message_id, state === "dead" ? "dead" : "done"];
    }),
  );
}
