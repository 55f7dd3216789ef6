import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { ask, chatOf, connected, focusedId, openBrowser, say, startBrowser } from "../support/browser.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { tempDir } from "../support/temp-dir.ts";
import { startTestGateway } from "../support/test-gateway.ts";

const ATTACK = '<img src=x onerror="document.title=1337">';

describe("the page in a browser", () => {
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(async () => {
    await browser.close();
  });

  test("a person opens the page, writes, is answered, and a second tab shows it too", async () => {
    await using daemon = await startTestGateway();
    await using person = await openBrowser(browser);
    const [first, second] = [await person.open(daemon.url), await person.open(daemon.url)];
    await Promise.all([connected(first), connected(second)]);
    await say(first, "hello\nthere");
    for (const page of [first, second]) {
      await chatOf(page).getByText("This is the built-in echo agent").waitFor();
      assert.equal(await chatOf(page).getByRole("listitem").count(), 2);
      await page.locator("#sessions").getByText("hello there").waitFor();
    }
    assert.equal(await first.getByLabel("Message", { exact: true }).inputValue(), "");
    assert.deepEqual(person.complaints, []);
  });

  test("an answer is shown as it grows, with a sign of work before it", async () => {
    const agent = scriptedAgent();
    await using daemon = await startTestGateway({ agent });
    await using person = await openBrowser(browser);
    const page = await person.open(daemon.url);
    await connected(page);
    await say(page, "tell me a story");
    await page.getByText("The agent is working").waitFor({ state: "attached" });
    await page.locator("#typing").waitFor({ state: "visible" });
    const [turn] = agent.running;
    turn?.say({ kind: "text", delta: "Once upon a time there was `code`" });
    await page.locator('.message[data-state="growing"] code').waitFor();
    await page.locator("#typing").waitFor({ state: "hidden" });
    turn?.say({ kind: "text", delta: ", the end.\n```js\nlet x = 1;\n```" });
    turn?.say({ kind: "done" });
    await page.locator('.message[data-role="assistant"][data-state="done"] pre').getByText("let x = 1;").waitFor();
    assert.equal(await chatOf(page).getByRole("listitem").count(), 2);
    assert.deepEqual(person.complaints, []);
  });

  test("after a restart of the daemon the page comes back by itself, and everything is still there", async () => {
    using folder = tempDir();
    const first = await startTestGateway({ dataDir: folder.path });
    await using person = await openBrowser(browser);
    const page = await person.open(first.url);
    await say(page, "remember the milk");
    await chatOf(page).getByText("This is the built-in echo agent").waitFor();
    await first.shutDown();
    await page.getByText("Not connected").waitFor();
    await say(page, "are you there?");
    await page.getByText("The daemon cannot be reached.").waitFor();

    await using second = await startTestGateway({ dataDir: folder.path, port: first.console.port });
    await connected(page);
    // What could not be sent goes out by itself, once.
    await page.locator('.message[data-role="assistant"]').getByText("are you there?").waitFor();
    assert.equal(await chatOf(page).getByRole("listitem").count(), 4);
    assert.equal(second.store.stats().messages, 4);

    await page.reload();
    await chatOf(page).getByText("remember the milk").first().waitFor();
    await page.locator("#sessions a").first().click();
    const transcript = page.locator("#transcript-log");
    await transcript.getByText("are you there?").first().waitFor();
    assert.equal(await transcript.getByRole("listitem").count(), 4);
    assert.deepEqual(person.complaints, []);
  });

  test("what people write is text and nothing else: in messages, names, titles and what is found", async () => {
    await using daemon = await startTestGateway();
    await ask(daemon, ATTACK, { userName: ATTACK });
    const sessionId = daemon.store.liveSession("agent:main:web:dm:c")?.sessionId ?? "";
    await daemon.store.setTitle(sessionId, ATTACK);
    await using person = await openBrowser(browser);
    const page = await person.open(`${daemon.url}/#/session/${sessionId}`);
    await page.locator("#transcript-title").getByText(ATTACK).waitFor();
    assert.equal(await page.locator("#transcript-log .who").first().textContent(), ATTACK);
    assert.equal(await page.locator("#transcript-log .body").first().textContent(), ATTACK);
    await page.locator("#sessions .name").getByText(ATTACK).waitFor();
    await page.getByLabel("Search all conversations").fill("onerror");
    await page.locator("#hits mark").first().waitFor();
    await page.getByRole("link", { name: "Chat with the agent" }).click();
    await say(page, ATTACK);
    await chatOf(page).getByText(ATTACK).nth(1).waitFor();
    assert.equal(await page.locator("img").count(), 0);
    assert.equal(await page.title(), "Parley");
    assert.deepEqual(person.complaints, []);
  });

  test("everything is done with the keyboard alone", async () => {
    await using daemon = await startTestGateway();
    for (const text of ["about walruses", "and more of them"]) await ask(daemon, text);
    await using person = await openBrowser(browser);
    const page = await person.open(daemon.url);
    await connected(page);
    await page.locator("#sessions a").first().waitFor();
    // The field has the focus from the start; a new line is not sent.
    await page.keyboard.type("one");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("two");
    await page.keyboard.press("Enter");
    await chatOf(page).getByText("one\ntwo").first().waitFor();

    await page.reload();
    await page.locator("#skip").focus();
    const reached: string[] = [];
    const tab = async () => {
      await page.keyboard.press("Tab");
      reached.push(await focusedId(page));
    };
    await tab();
    await page.keyboard.type("walrus");
    await page.locator("#hits a").first().waitFor();
    const views = await page.locator("#views a").count();
    for (let stop = 0; stop <= views; stop += 1) await tab();
    assert.deepEqual(reached.slice(0, 2), ["search", "view-"]);
    await page.keyboard.press("Enter");
    const target = page.locator("#transcript-log .target");
    await target.getByText("about walruses").waitFor();
    assert.match(await page.evaluate<string>("document.activeElement.className"), /target/);

    await page.locator("#transcript-rename").focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("Title").waitFor();
    await page.keyboard.type("Sea animals");
    await page.keyboard.press("Enter");
    await page.locator("#transcript-title").getByText("Sea animals").waitFor();
    await page.locator("#search").focus();
    await page.keyboard.press("Escape");
    await page.locator("#sessions").getByText("Sea animals").waitFor();
    await page.locator("#skip").focus();
    await page.keyboard.press("Enter");
    assert.equal(await focusedId(page), "main");
    assert.deepEqual(person.complaints, []);
  });

  test("on a phone nothing is wider than the screen, and one column leads to the other", async () => {
    await using daemon = await startTestGateway();
    await ask(daemon, `${"w".repeat(400)}\n\`\`\`\n${"c".repeat(400)}\n\`\`\``, { userName: "n".repeat(300) });
    await ask(daemon, "x".repeat(300), { chatId: "console", userId: "console" });
    await using person = await openBrowser(browser, {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
    });
    const page = await person.open(daemon.url);
    /** How far the page, or anything on it that is not scrolled in its own frame, reaches beyond the right edge. */
    const overflow = () =>
      page.evaluate<number>(
        "Math.max(document.documentElement.scrollWidth, ...[...document.querySelectorAll('main *, nav *')].filter((one) => one.closest('pre > *, .table > *') === null).map((one) => one.getBoundingClientRect().right)) - innerWidth",
      );
    await chatOf(page).getByText("xxxx").first().waitFor();
    assert.ok((await overflow()) <= 0, "the chat");
    assert.equal(await page.locator(".side").isVisible(), false);
    await page.locator("#chat").getByRole("link", { name: "Conversations" }).click();
    await page.locator("#sessions a").nth(1).waitFor();
    assert.ok((await overflow()) <= 0, "the list");
    assert.equal(await page.locator("main").isVisible(), false);
    await page.locator("#sessions a").nth(1).click();
    await page.locator("#transcript-log li").first().waitFor();
    assert.ok((await overflow()) <= 0, "the transcript");
    assert.deepEqual(person.complaints, []);
  });

  test("a page that broke the policy would be noticed here", async () => {
    await using daemon = await startTestGateway();
    await using person = await openBrowser(browser);
    const page = await person.open(daemon.url);
    await connected(page);
    await page.evaluate("document.body.append(Object.assign(document.createElement('script'), { textContent: '1' }))");
    await page.locator("script").nth(1).waitFor({ state: "attached" });
    assert.match(person.complaints.join(), /Content Security Policy/);
  });

  test("where a token is set, the page asks for it, and out is out", async () => {
    await using daemon = await startTestGateway({ token: "open sesame 123" });
    await using person = await openBrowser(browser);
    const page = await person.open(daemon.url);
    await page.getByLabel("Token").fill("guess");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("That token is not the one").waitFor();
    assert.equal(await page.locator("#app").isVisible(), false);
    await page.getByLabel("Token").fill("open sesame 123");
    await page.keyboard.press("Enter");
    await connected(page);
    await say(page, "hello");
    await chatOf(page).getByText("This is the built-in echo agent").waitFor();
    assert.equal(await page.evaluate<string>("document.cookie"), "");
    await page.reload();
    await chatOf(page).getByText("hello").first().waitFor();
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByLabel("Token").waitFor();
    assert.deepEqual(person.complaints, []);
  });
});
