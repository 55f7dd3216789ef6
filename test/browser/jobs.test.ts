import assert from "node:assert/strict";
import { test } from "node:test";
import { connected, openBrowser, startBrowser } from "../support/browser.ts";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { startTestGateway } from "../support/test-gateway.ts";

test("jobs are seen, run, paused and removed on the page, and nobody's text becomes markup", async () => {
  const browser = await startBrowser();
  await using closing = new AsyncDisposableStack();
  closing.defer(() => browser.close());
  await using daemon = await startTestGateway({ adapters: [memoryAdapter()] });
  await using person = await openBrowser(browser);
  const page = await person.open(daemon.url);
  await connected(page);
  await page.getByRole("link", { name: "Jobs" }).click();
  await page.getByText("/schedule every weekday at 9 summarise what is open").waitFor();

  const text = "What is <b onclick=x>open</b>?";
  await daemon.post("/api/jobs", {
    name: "standup",
    schedule: "every weekday at 9",
    prompt: text,
    deliver: ["memory:team"],
  });
  const job = page.getByRole("list", { name: "Jobs" }).getByRole("listitem").first();
  await job.getByText("every weekday at 09:00 (UTC)").waitFor();
  await job.getByText("has not run yet").waitFor();
  await job.getByText("Text and last runs").click();
  await job.getByText(text).first().waitFor();
  await page.getByRole("button", { name: "Run standup" }).click();
  await job.getByText(/; last .*: done, took/).waitFor();
  await job.locator(".output").getByText(text).waitFor();
  assert.equal(await page.locator("#jobs b").count(), 0);

  await page.getByRole("button", { name: "Pause standup" }).click();
  await job.getByText("paused by operator").waitFor();
  await page.getByRole("button", { name: "Resume standup" }).click();
  await page.getByRole("button", { name: "Pause standup" }).waitFor();
  page.on("dialog", (dialog) => void dialog.accept());
  await page.getByRole("button", { name: "Remove standup" }).click();
  await page.getByText("Nothing happens by the clock yet.").waitFor();
  await page.getByLabel("Done ones").check();
  await job.getByText("removed by operator").waitFor();
  assert.deepEqual(person.complaints, []);
});
