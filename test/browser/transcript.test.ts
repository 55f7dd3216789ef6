import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { ask, chatOf, openBrowser, say, startBrowser } from "../support/browser.ts";
import { startTestGateway } from "../support/test-gateway.ts";

describe("transcripts in a browser", () => {
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(async () => {
    await browser.close();
  });

  test("a long transcript is read page by page in both directions", async () => {
    await using daemon = await startTestGateway();
    await ask(daemon, "first");
    const sessionId = daemon.store.liveSession("agent:main:web:dm:c")?.sessionId ?? "";
    const line = { role: "user", messageId: null, senderId: null, senderName: "Ann", extra: null, atMs: 1 } as const;
    const lines = Array.from({ length: 198 }, (_, place) => ({ ...line, content: `line ${place + 3}` }));
    await daemon.store.appendMessages(sessionId, lines);
    await using person = await openBrowser(browser);
    const page = await person.open(`${daemon.url}/#/session/${sessionId}/60`);
    const log = page.locator("#transcript-log");
    await log.locator(".target").getByText("line 60", { exact: true }).waitFor();
    const shown = () => log.locator("li").evaluateAll((items) => items.map((item) => Number(item.dataset.seq)));
    const expectShown = async (from: number, to: number) => {
      await log.locator(`[data-seq="${from}"]`).waitFor();
      await log.locator(`[data-seq="${to}"]`).waitFor();
      assert.deepEqual(
        await shown(),
        Array.from({ length: to - from + 1 }, (_, place) => from + place),
      );
    };
    await expectShown(31, 80);
    await page.getByRole("button", { name: "Show later messages" }).click();
    await expectShown(31, 130);
    await page.getByRole("button", { name: "Show earlier messages" }).click();
    await expectShown(1, 130);
    assert.equal(await page.getByRole("button", { name: "Show earlier messages" }).count(), 0);
    await page.getByLabel("Search in this conversation").fill("line 199");
    await page.locator("#inside-hits a").first().click();
    await log.locator(".target").getByText("line 199", { exact: true }).waitFor();
    assert.deepEqual(person.complaints, []);
  });

  test("what is said elsewhere appears in its transcript and moves it up the list, by itself", async () => {
    await using daemon = await startTestGateway();
    await ask(daemon, "older");
    await ask(daemon, "newer", { chatId: "d" });
    const sessionId = daemon.store.liveSession("agent:main:web:dm:c")?.sessionId ?? "";
    await using person = await openBrowser(browser);
    const page = await person.open("about:blank");
    await page.clock.install();
    await page.goto(`${daemon.url}/#/session/${sessionId}`);
    await page.locator("#sessions li").nth(1).getByText("older").waitFor();
    await page.locator("#transcript-log").getByText("built-in echo agent").waitFor();
    await page.locator("#sessions a").first().focus();
    await ask(daemon, "and another thing");
    await page.clock.fastForward(25_000);
    await page.locator("#transcript-log").getByText("and another thing").nth(1).waitFor();
    await page.locator("#sessions li").first().getByText("older").waitFor();
    // Whoever walks the list with the keyboard keeps their place.
    assert.match(await page.evaluate<string>("document.activeElement.textContent"), /^newer/);
    assert.deepEqual(person.complaints, []);
  });

  test("a conversation starts afresh from its transcript, and is gone back to", async () => {
    await using daemon = await startTestGateway();
    await using person = await openBrowser(browser);
    const page = await person.open(daemon.url);
    await say(page, "before");
    await chatOf(page).getByText("This is the built-in echo agent").waitFor();
    await page.locator("#sessions a").first().click();
    await page.getByRole("link", { name: "Go to chat" }).waitFor();
    await page.getByRole("button", { name: "Start afresh" }).click();
    await page.locator("#transcript-state").getByText("reset").waitFor();
    await page.getByRole("link", { name: "Chat with the agent" }).click();
    await page.getByText("Write something below.").waitFor();
    assert.equal(await chatOf(page).getByRole("listitem").count(), 0);
    await page.goBack();
    await page.getByRole("button", { name: "Resume" }).click();
    await page.locator("#transcript-state").getByText("live").waitFor();
    await page.getByRole("link", { name: "Go to chat" }).click();
    await chatOf(page).getByText("before").first().waitFor();
    await page.getByRole("button", { name: "New conversation" }).click();
    await chatOf(page).getByText("Started a new conversation.").waitFor();
    assert.deepEqual(person.complaints, []);
  });
});
