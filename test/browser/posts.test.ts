import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { chatOf, connected, openBrowser, say, startBrowser } from "../support/browser.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { startTestGateway } from "../support/test-gateway.ts";
import { until } from "../support/until.ts";

/** The smallest picture: one pixel. */
const PIXEL = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

describe("what comes with answers, in a browser", () => {
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(async () => {
    await browser.close();
  });

  test("an approval is given by a button, once, in every tab", async () => {
    const agent = scriptedAgent();
    await using daemon = await startTestGateway({ agent });
    await using person = await openBrowser(browser);
    const [page, other] = [await person.open(daemon.url), await person.open(daemon.url)];
    await Promise.all([connected(page), connected(other)]);
    await say(page, "delete everything");
    await until("the turn runs", () => agent.running.length === 1);
    const [turn] = agent.running;
    turn?.say({ kind: "tool", name: "shell", phase: "started", summary: "Looking at what there is" });
    await page.locator("#doing").getByText("Looking at what there is").waitFor();
    const asked = turn?.request.askApproval({ title: "Run a command", detail: "rm -r everything" });
    await chatOf(page).getByText("May I? Run a command").waitFor();
    // Who loads the page now is asked as well.
    await other.reload();
    await other.getByRole("button", { name: "Deny" }).waitFor();
    await page.getByRole("button", { name: "Approve" }).click();
    assert.equal(await asked, true);
    for (const tab of [page, other]) await tab.getByRole("button", { name: "Approve" }).waitFor({ state: "detached" });
    turn?.answer("Done.");
    await chatOf(page).getByText("Done.").waitFor();
    await page.locator("#doing").waitFor({ state: "hidden" });
    await page.reload();
    await chatOf(page).getByText("May I? Run a command").waitFor();
    await chatOf(page).getByText("Done.").waitFor();
    assert.equal(await chatOf(page).getByText("Done.").count(), 1);
    assert.equal(await page.getByRole("button", { name: "Approve" }).count(), 0);
    assert.deepEqual(person.complaints, []);
  });

  test("a command's reply is still there after a reload, and its button goes back to a conversation", async () => {
    await using daemon = await startTestGateway();
    await using person = await openBrowser(browser);
    const page = await person.open(daemon.url);
    await connected(page);
    await say(page, "about walruses");
    await chatOf(page).getByText("This is the built-in echo agent").waitFor();
    await say(page, "/new");
    await chatOf(page).getByText("Started a new conversation.").waitFor();
    await say(page, "/sessions");
    await page.getByRole("group", { name: "Answers" }).waitFor();
    await page.reload();
    await page.getByRole("group", { name: "Answers" }).getByRole("button").first().click();
    await chatOf(page).getByText("Back in the conversation").waitFor();
    await page.getByRole("group", { name: "Answers" }).waitFor({ state: "detached" });
    await page.reload();
    await chatOf(page).getByText("about walruses").first().waitFor();
    assert.deepEqual(person.complaints, []);
  });

  test("commands are still there with their answers after a reload, in every tab that saw them", async () => {
    await using daemon = await startTestGateway();
    await using person = await openBrowser(browser);
    const [page, other] = [await person.open(daemon.url), await person.open(daemon.url)];
    await Promise.all([connected(page), connected(other)]);
    await say(page, "about walruses");
    await chatOf(page).getByText("This is the built-in echo agent").waitFor();
    for (const command of ["/whoami", "/status"]) {
      await say(page, command);
      for (const tab of [page, other]) await chatOf(tab).getByText(command, { exact: true }).waitFor();
    }
    const shown = () => Promise.all([page, other].map((tab) => chatOf(tab).locator(".body").allTextContents()));
    await until("both answers are there", async () => (await shown()).every(({ length }) => length === 6));
    const before = await shown();
    await Promise.all([page.reload(), other.reload()]);
    await until("all is there again", async () => (await shown()).every(({ length }) => length === 6));
    assert.deepEqual(await shown(), before);
    assert.deepEqual(person.complaints, []);
  });

  test("files of an answer are shown and saved, also after a reload", async () => {
    const agent = scriptedAgent();
    await using daemon = await startTestGateway({ agent });
    await using person = await openBrowser(browser);
    const page = await person.open(daemon.url);
    await connected(page);
    await say(page, "files, please");
    await until("the turn runs", () => agent.running.length === 1);
    const [turn] = agent.running;
    turn?.say({ kind: "file", name: "<b>.txt", mimeType: "text/plain", data: Buffer.from("some words") });
    turn?.say({ kind: "file", name: "dot.gif", mimeType: "image/gif", data: PIXEL });
    turn?.answer("Here they are.");
    const link = page.getByRole("link", { name: "<b>.txt" });
    await link.waitFor();
    await page.reload();
    const saving = page.waitForEvent("download");
    await link.click();
    const saved = await saving;
    assert.equal(saved.suggestedFilename(), "_b_.txt");
    assert.equal(await readFile(await saved.path(), "utf8"), "some words");
    await page.getByRole("img", { name: "dot.gif" }).waitFor();
    await until("the picture is loaded", async () =>
      page.evaluate<boolean>("document.querySelector('.file img').naturalWidth === 1"),
    );
    assert.equal(await chatOf(page).getByText("Here they are.").count(), 1);
    assert.deepEqual(person.complaints, []);
  });
});
