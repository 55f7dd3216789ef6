import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import type { ModelReply } from "../fake/model/model-reply.ts";
import { startModelServer } from "../fake/model/model-server.ts";
import { chatOf, connected, openBrowser, say, startBrowser } from "../support/browser.ts";
import { startConfiguredDaemon } from "../support/configured-daemon.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";

const acpProgram = fileURLToPath(new URL("../fake/agents/acp.ts", import.meta.url));
const answer = (deltas: readonly string[], hold?: Promise<void>): ModelReply =>
  hold === undefined ? { kind: "answer", deltas } : { kind: "answer", deltas, hold };

describe("a person on the page", () => {
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(async () => {
    await browser.close();
  });

  test("sees a model's answer with code and a table as it grows, and whole", async () => {
    const end = Promise.withResolvers<void>();
    const code = "```ts\nconst answer: number = 42;\n```\n\n";
    const table = "| planet | moons |\n| --- | --- |\n| Mars | 2 |\n| Earth | 1 |\n";
    await using model = await startModelServer(answer(["Here it is:\n\n", code, table], end.promise));
    await using parley = await startConfiguredDaemon({
      env: { OPENAI_BASE_URL: `${model.url}/v1`, OPENAI_MODEL: "small" },
    });
    await using person = await openBrowser(browser);
    const page = await person.open(parley.url);
    await connected(page);
    await say(page, "show me");
    const growing = page.locator('.message[data-state="growing"]');
    await growing.locator("pre").getByText("const answer: number = 42;").waitFor();
    end.resolve();
    const done = page.locator('.message[data-role="assistant"][data-state="done"]');
    await done.locator("pre").getByText("const answer: number = 42;").waitFor();
    await done.getByRole("row", { name: "Earth 1" }).waitFor();
    await page.reload();
    await done.getByRole("row", { name: "Mars 2" }).waitFor();
    assert.equal(await chatOf(page).getByRole("listitem").count(), 2);
    assert.deepEqual(person.complaints, []);
  });

  test("stops an answer, has it asked again, and goes back to an earlier conversation", async () => {
    const never = Promise.withResolvers<void>();
    await using model = await startModelServer(answer(["Once upon"], never.promise), answer(["In short: no."]));
    await using parley = await startConfiguredDaemon({
      env: { OPENAI_BASE_URL: `${model.url}/v1`, OPENAI_MODEL: "small" },
    });
    await using person = await openBrowser(browser);
    const page = await person.open(parley.url);
    await connected(page);
    await say(page, "is it true?");
    await page.locator('.message[data-state="growing"]').getByText("Once upon").waitFor();
    await say(page, "/stop");
    await chatOf(page).getByText("Stopped.").waitFor();
    await chatOf(page).getByText("(stopped)").waitFor();
    await until("the model is asked no more", () => model.requests[0]?.isAborted === true);

    await say(page, "/retry");
    await chatOf(page).getByText("In short: no.").waitFor();
    const again = JSON.parse(model.requests[1]?.body ?? "{}") as { messages: { role: string; content: unknown }[] };
    assert.equal(again.messages.filter(({ role }) => role === "user").length, 1, "the question is asked once");
    assert.ok(!JSON.stringify(again.messages).includes("Once upon"), "the dropped answer is told to nobody");

    await say(page, "/new");
    await chatOf(page).getByText("Started a new conversation").waitFor();
    await say(page, "/resume");
    await chatOf(page).getByText("Back in the conversation").waitFor();
    const { store } = parley.daemon.gateway;
    const [live] = store.listSessions({ live: true }).sessions;
    assert.deepEqual(
      store.transcript(live?.sessionId ?? "", { limit: 10 }).map(({ role, content }) => `${role}: ${content}`),
      ["user: is it true?", "assistant: In short: no."],
    );
    never.resolve();
    assert.deepEqual(person.complaints, []);
  });

  test("allows and refuses what an agent asks to do", async () => {
    using folder = tempDir();
    await using parley = await startConfiguredDaemon({
      file: { agents: { main: { kind: "acp", command: process.execPath, args: [acpProgram, folder.path] } } },
    });
    await using person = await openBrowser(browser);
    const page = await person.open(parley.url);
    await connected(page);
    for (const [button, said, outcome] of [
      ["Approve", "Allowed.", "you said yes"],
      ["Deny", "Refused.", "you said no"],
    ] as const) {
      const questions = chatOf(page).getByText("May I? Remove old files");
      const before = await questions.count();
      await say(page, "permission");
      await questions.nth(before).waitFor();
      await page.getByRole("button", { name: button }).click();
      await chatOf(page).getByText(said).waitFor();
      await chatOf(page).getByText(outcome).waitFor();
    }
    assert.deepEqual(person.complaints, []);
  });
});
