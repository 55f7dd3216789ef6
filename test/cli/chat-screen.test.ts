import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ChatEvent } from "../../src/cli/chat-door.ts";
import { openChatScreen } from "../../src/cli/chat-screen.ts";

/** A screen whose output is kept; `…` stands where the sign of work was shown. */
function shownScreen() {
  let text = "";
  const screen = openChatScreen({
    write: (written) => {
      text += written;
    },
    working: (isShown) => {
      text += isShown ? "…" : "";
    },
    aside: (write) => write(),
  });
  return { screen, text: () => text };
}

const asked = (inboxId: number, messageId = "m"): ChatEvent => ({
  kind: "message",
  inboxId,
  messageId,
  userName: "Ann",
  text: "hi",
});
const delta = (inboxId: number, text: string): ChatEvent => ({ kind: "delta", inboxId, text });
const post = (inboxId: number | null, text: string, postKind: "reply" | "notice" | "command" | "message" = "reply") =>
  ({ kind: "post", inboxId, outboxId: 1, postKind, text }) satisfies ChatEvent;
const answered = (inboxId: number, text: string) => ({ kind: "answered", inboxId, text }) as const;

describe("the chat screen", () => {
  test("shows an answer as it grows, once", () => {
    const { screen, text } = shownScreen();
    screen.asked("m");
    for (const event of [asked(1), delta(1, "Hel"), delta(1, "lo"), post(1, "Hello.")]) screen.event(event);
    screen.settled(answered(1, "Hello."));
    screen.event(post(1, "Hello."));
    assert.equal(text(), "…Hello.\n");
  });

  test("shows the whole answer when nothing of it was seen before", () => {
    const { screen, text } = shownScreen();
    screen.asked("m");
    screen.event(post(1, "Hello."));
    screen.settled(answered(1, "Hello."));
    assert.equal(text(), "…Hello.\n");
  });

  test("begins the answer anew when the turn ran again", () => {
    const { screen, text } = shownScreen();
    screen.asked("m");
    screen.event(asked(1));
    screen.event(delta(1, "Hel"));
    screen.note("The daemon cannot be reached; waiting for it.");
    screen.event({ kind: "turn_started", inboxId: 1 });
    screen.event(delta(1, "Good "));
    screen.settled(answered(1, "Good day."));
    assert.equal(text(), "…Hel\n(The daemon cannot be reached; waiting for it.)\n…Good day.\n");
  });

  test("shows what a command replied once, alone or before the answer", () => {
    const { screen, text } = shownScreen();
    screen.asked("m");
    for (const event of [asked(1), post(1, "Status.", "command")]) screen.event(event);
    screen.settled(answered(1, "Status."));
    screen.asked("n");
    for (const event of [asked(2, "n"), post(2, "Afresh.", "command")]) screen.event(event);
    for (const event of [{ kind: "turn_started", inboxId: 2 } as const, delta(2, "Yes"), post(2, "Yes")]) {
      screen.event(event);
    }
    screen.settled(answered(2, "Yes"));
    assert.equal(text(), "…Status.\n…Afresh.\n…Yes\n");
  });

  test("shows a notice at once, and what others say after the answer", () => {
    const { screen, text } = shownScreen();
    screen.asked("m");
    for (const event of [asked(1), post(1, "Started afresh.", "notice"), asked(2, "other"), post(2, "To her.")]) {
      screen.event(event);
    }
    screen.settled(answered(1, "To me."));
    screen.event(post(null, "News.", "message"));
    assert.equal(text(), "…Started afresh.\n…To me.\nAnn: hi\nTo her.\nNews.\n");
  });

  test("shows an answer nobody waits for any more when it comes", () => {
    const { screen, text } = shownScreen();
    screen.asked("m");
    screen.event(asked(1));
    screen.event(delta(1, "Well"));
    screen.settled({ kind: "left" });
    screen.event(delta(1, " then"));
    screen.event(post(1, "Well then."));
    assert.equal(text(), "…Well\n(no longer waiting; the answer is shown when it comes)\nWell then.\n");
  });

  test("never splits a character, and lets no control character through", () => {
    const { screen, text } = shownScreen();
    screen.asked("m");
    for (const event of [asked(1), delta(1, "a\ud83d"), delta(1, "\ude42\u001b[2J")]) screen.event(event);
    assert.equal(text(), "…a🙂\\u001b[2J");
    screen.settled({ kind: "refused", message: "no\u0007" });
    assert.equal(text(), "…a🙂\\u001b[2J\nno\\u0007\n");
  });
});
