import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { chatOf, connected, openBrowser, say, startBrowser } from "../support/browser.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { startTestGateway } from "../support/test-gateway.ts";
import { until } from "../support/until.ts";

describe("writing in a browser", () => {
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(async () => {
    await browser.close();
  });

  test("commands are completed with the keyboard, and what is not sent outlives a reload", async () => {
    await using daemon = await startTestGateway();
    await using person = await openBrowser(browser);
    const page = await person.open(daemon.url);
    await connected(page);
    const field = page.getByLabel("Message", { exact: true });
    const menu = page.getByRole("listbox", { name: "Commands" });
    await page.keyboard.type("/");
    await menu.waitFor();
    assert.ok((await menu.getByRole("option").count()) > 15);
    await page.keyboard.press("Escape");
    await menu.waitFor({ state: "hidden" });
    await page.keyboard.type("ti");
    await menu.getByRole("option", { name: "/title", selected: true }).waitFor();
    await page.keyboard.press("Tab");
    assert.equal(await field.inputValue(), "/title ");
    await page.keyboard.type("Sea animals");
    await page.reload();
    await connected(page);
    assert.equal(await field.inputValue(), "/title Sea animals");
    await field.fill("/re");
    await menu.getByRole("option").nth(2).waitFor();
    await field.press("ArrowDown");
    await field.press("ArrowUp");
    await field.press("ArrowUp");
    await menu.getByRole("option", { selected: true }).last().waitFor();
    const [last] = await menu.getByRole("option").last().allTextContents();
    await field.press("Enter");
    assert.ok(last?.startsWith((await field.inputValue()).trim()));
    assert.equal(await chatOf(page).getByRole("listitem").count(), 0);
    // A command typed in full is sent.
    await field.fill("/whoami");
    await menu.getByRole("option", { name: "/whoami" }).waitFor();
    await field.press("Enter");
    await chatOf(page).getByRole("listitem").nth(1).waitFor();
    assert.equal(await field.inputValue(), "");
    await page.reload();
    assert.equal(await field.inputValue(), "");
    assert.deepEqual(person.complaints, []);
  });

  test("a turn that runs is stopped by a button, also by who loads the page meanwhile", async () => {
    const agent = scriptedAgent();
    await using daemon = await startTestGateway({ agent });
    await using person = await openBrowser(browser);
    const page = await person.open(daemon.url);
    await connected(page);
    const stop = page.getByRole("button", { name: "Stop" });
    assert.equal(await stop.count(), 0);
    await say(page, "count to a million");
    await until("the turn runs", () => agent.running.length === 1);
    agent.running[0]?.say({ kind: "text", delta: "1, 2, 3" });
    await chatOf(page).getByText("1, 2, 3").waitFor();
    await page.reload();
    await chatOf(page).getByText("1, 2, 3").waitFor();
    await stop.click();
    await stop.waitFor({ state: "detached" });
    assert.equal(agent.running.length, 0);
    await page.locator('.message[data-state="done"]').getByText("1, 2, 3").waitFor();
    await page.reload();
    await chatOf(page).getByText("1, 2, 3").waitFor();
    assert.equal(await chatOf(page).getByText("1, 2, 3").count(), 1);
    assert.deepEqual(person.complaints, []);
  });

  test("files are attached by button and by paste, and reach the agent; one too large is not sent", async () => {
    const agent = scriptedAgent();
    await using daemon = await startTestGateway({ agent });
    await using person = await openBrowser(browser);
    const page = await person.open(daemon.url);
    await connected(page);
    const attached = page.getByRole("list", { name: "Attached files" });
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Attach files" }).click();
    const large = { name: "large.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(1024 * 1024 + 1) };
    const note = { name: "note<b>.txt", mimeType: "text/plain", buffer: Buffer.from("remember the milk") };
    await (await chooser).setFiles([large, note]);
    await attached.getByText("Too large: at most 1 MB.").waitFor();
    await attached.getByText("17 bytes").waitFor();
    await page.getByRole("button", { name: "Remove large.bin" }).click();
    await page.evaluate(`{
      const data = new DataTransfer();
      data.items.add(new File(["pasted"], "pasted.txt", { type: "text/plain" }));
      document.getElementById("text").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, cancelable: true }));
    }`);
    await attached.getByText("6 bytes").waitFor();
    await say(page, "what is in these?");
    await attached.waitFor({ state: "hidden" });
    await until("the turn runs", () => agent.running.length === 1);
    const files = agent.running[0]?.request.message.attachments ?? [];
    assert.deepEqual(
      files.map(({ name, path }) => [name, readFileSync(path, "utf8")]),
      [
        ["note<b>.txt", "remember the milk"],
        ["pasted.txt", "pasted"],
      ],
    );
    agent.running[0]?.answer("Milk.");
    await chatOf(page).getByText("note<b>.txt").waitFor();
    await chatOf(page).getByText("Milk.").waitFor();
    await page.reload();
    await chatOf(page).getByText("note<b>.txt").waitFor();
    assert.deepEqual(person.complaints, []);
  });
});
