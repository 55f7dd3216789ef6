import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { chatOf, connected, openBrowser, say, startBrowser } from "../support/browser.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { startTestGateway } from "../support/test-gateway.ts";

const ANSWER = `# Plan

Some **bold**, *italic*, ~~gone~~ and \`inline\` words,
and a [bank.com](https://evil.example/x).

1. first
   - nested
2. second

- [x] done
- [ ] open

> quoted

| name | n |
|:-----|--:|
| a | 1 |

---

\`\`\`js
const html = "<img src=x onerror=alert(1)>";
\`\`\`

<img src=x onerror="document.title=1337">`;

describe("markdown in a browser", () => {
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(async () => {
    await browser.close();
  });

  test("an answer is formatted while it grows, when it is whole, and in its transcript", async () => {
    const agent = scriptedAgent();
    await using daemon = await startTestGateway({ agent });
    await using person = await openBrowser(browser, { permissions: ["clipboard-read", "clipboard-write"] });
    const page = await person.open(daemon.url);
    await connected(page);
    await say(page, "**not** for me");
    await page.locator("#typing").waitFor();
    const [turn] = agent.running;
    turn?.say({ kind: "text", delta: ANSWER.slice(0, 60) });
    const growing = page.locator('.message[data-state="growing"]');
    await growing.locator("strong").getByText("bold").waitFor();
    await growing.getByRole("heading", { name: "Plan" }).waitFor();
    turn?.answer(ANSWER.slice(60));

    const whole = (scope: string) => page.locator(`${scope} .message[data-role="assistant"][data-state="done"] .body`);
    const expectFormatted = async (scope: string) => {
      const body = whole(scope);
      await body.locator("table").waitFor();
      const count = (selector: string) => body.locator(selector).count();
      assert.deepEqual(
        await Promise.all(["em", "del", "blockquote p", "hr", "ol > li", "ol > li > ul > li", "li.task"].map(count)),
        [1, 1, 1, 1, 2, 1, 2],
      );
      assert.deepEqual(
        await body.getByRole("checkbox").evaluateAll((boxes) => boxes.map((box) => box.matches(":checked"))),
        [true, false],
      );
      assert.equal(await body.locator('td[data-align="right"]').textContent(), "1");
      const link = body.getByRole("link");
      assert.equal(await link.textContent(), "bank.com (evil.example)");
      assert.match((await link.getAttribute("rel")) ?? "", /noopener/);
      await body.getByText('<img src=x onerror="document.title=1337">').waitFor();
    };
    await expectFormatted("#chat");
    // What a person writes stands as it was written.
    await chatOf(page).getByText("**not** for me").waitFor();

    await page.locator("#chat").getByRole("button", { name: "Copy this code" }).click();
    await page.getByText("Copied").waitFor();
    assert.equal(
      await page.evaluate<string>("navigator.clipboard.readText()"),
      'const html = "<img src=x onerror=alert(1)>";',
    );

    await page.locator("#sessions a").first().click();
    await expectFormatted("#transcript");
    await page.reload();
    await expectFormatted("#transcript");
    assert.equal(await page.locator("img").count(), 0);
    assert.equal(await page.title(), "Parley");
    assert.deepEqual(person.complaints, []);
  });

  test("an answer too long to be formatted is shown as it was written", async () => {
    const agent = scriptedAgent();
    await using daemon = await startTestGateway({ agent });
    await using person = await openBrowser(browser);
    const page = await person.open(daemon.url);
    await connected(page);
    await say(page, "go on and on");
    await page.locator("#typing").waitFor();
    agent.running[0]?.answer(`**the beginning** ${"word ".repeat(14_000)} the end`);
    const answer = page.locator('.message[data-role="assistant"][data-state="done"]');
    await answer.getByText("**the beginning**").waitFor();
    assert.match((await answer.textContent()) ?? "", /the end$/);
    assert.deepEqual(person.complaints, []);
  });
});
