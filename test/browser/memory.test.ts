import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { archiveNow } from "../support/archive-now.ts";
import { ask, openBrowser, startBrowser } from "../support/browser.ts";
import { summaryOf } from "../support/lifecycle-world.ts";
import { startTestGateway } from "../support/test-gateway.ts";

const MARKUP = "<img src=x onerror=document.title='owned'>";

describe("memory in a browser", () => {
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(async () => {
    await browser.close();
  });

  test("what is remembered is found, led to its source, corrected and forgotten, and is never markup", async () => {
    await using daemon = await startTestGateway();
    const ann = { chatId: "dm-ann", userId: "ann", userName: MARKUP };
    await ask(daemon, "hello", ann);
    await ask(daemon, `/remember I like ${MARKUP} tea`, ann);
    await ask(daemon, "/remember I live in Rome", ann);
    await ask(daemon, "/remember I live in Bern", { chatId: "dm-bob", userId: "bob" });
    await using person = await openBrowser(browser);
    const page = await person.open(daemon.url);
    await page.getByRole("link", { name: "Memory" }).click();
    const list = page.getByRole("list", { name: "What is remembered" });
    await list.getByText(`I like ${MARKUP} tea`).waitFor();
    await page.getByText("3 memories").waitFor();
    await page.getByLabel("Whose").selectOption("user:web:default:ann");
    await page.getByText("2 memories").waitFor();
    await page.getByLabel("Search memory").fill("rome");
    await page.getByText("1 memory", { exact: true }).waitFor();
    const item = list.locator("> li");
    await item.getByText("web: person ann").waitFor();

    await item.getByRole("button", { name: "Correct" }).click();
    await item.getByLabel("How it should be").fill("my password is hunter2-Xy77!");
    await item.getByRole("button", { name: "Save" }).click();
    await item.getByRole("alert").getByText("looks like a secret").waitFor();
    await item.getByLabel("How it should be").fill("I live in Oslo near Rome");
    await item.getByRole("button", { name: "Save" }).click();
    await item.locator(".content").getByText("I live in Oslo near Rome").waitFor();

    await item.getByRole("button", { name: "Forget" }).click();
    await item.getByRole("button", { name: "Forget for good?" }).click();
    await page.getByText("Nothing is remembered here.").waitFor();
    await page.getByLabel("Search memory").fill("");
    await item.getByText(`I like ${MARKUP} tea`).waitFor();
    await page.getByText("1 memory", { exact: true }).waitFor();
    const source = item.getByRole("link");
    assert.match((await source.getAttribute("href")) ?? "", /^#\/session\/\d{8}_/);
    assert.equal(await page.title(), "Parley");
    assert.deepEqual(person.complaints, []);
  });

  test("archives stand in the transcript where their lines end, with links to them", async () => {
    await using daemon = await startTestGateway();
    for (let count = 1; count <= 8; count += 1) await ask(daemon, `line ${count}`);
    const sessionId = daemon.store.liveSession("agent:main:web:dm:c")?.sessionId ?? "";
    await archiveNow(daemon.store, sessionId, {
      ...summaryOf(`They counted. ${MARKUP}`),
      decisions: [`go on ${MARKUP}`],
    });
    await using person = await openBrowser(browser);
    const page = await person.open(`${daemon.url}/#/session/${sessionId}`);
    const archive = page.locator("#transcript-log > .archive");
    await archive.getByText(/^Archive of lines 1 to \d+$/).waitFor();
    const last = await archive.locator("b").textContent();
    const before = await archive.evaluate((item) => item.previousElementSibling?.getAttribute("data-seq"));
    assert.equal(last, `Archive of lines 1 to ${before}`);
    await archive.locator("summary").click();
    await archive.getByText(`go on ${MARKUP}`).waitFor();
    await archive.getByRole("link", { name: `lines 1 to ${before}` }).click();
    await page.locator('#transcript-log .target[data-seq="1"]').waitFor();
    assert.equal(await page.title(), "Parley");
    assert.deepEqual(person.complaints, []);
  });
});
