import chromium from "@sparticuz/chromium";
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from "playwright-core";
import type { TestGateway } from "./test-gateway.ts";

/** Longest wait for something to appear; only a failing test takes that long. */
const DEADLINE_MS = 10_000;

/** Starts the Chromium that comes as a dev dependency; it needs nothing of the machine, so that it failing to start is a failure. */
export async function startBrowser(): Promise<Browser> {
  return await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
}

/** One person's browser: its tabs share cookies. */
export interface PersonsBrowser extends AsyncDisposable {
  /** What its pages complained about: refused by the policy, thrown by a script. */
  readonly complaints: readonly string[];
  open(url: string): Promise<Page>;
}

/** Opens a browser of one person's own. */
export async function openBrowser(browser: Browser, options: BrowserContextOptions = {}): Promise<PersonsBrowser> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(DEADLINE_MS);
  const complaints: string[] = [];
  context.on("weberror", (error) => complaints.push(String(error.error())));
  context.on("console", (message) => {
    // A connection that is down, and the answer that asks for a login, are reported by the browser itself.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      complaints.push(message.text());
  });
  return {
    complaints,
    async open(url) {
      const page = await context.newPage();
      await page.goto(url);
      return page;
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** Writes a message on the page and sends it. */
export async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel("Message", { exact: true }).fill(text);
  await page.keyboard.press("Enter");
}

/** The messages of the page's chat. */
export function chatOf(page: Page) {
  return page.getByRole("list", { name: "Messages" });
}

/** Waits until the page is connected. */
export async function connected(page: Page): Promise<void> {
  await page.getByText("Connected", { exact: true }).waitFor({ state: "attached" });
}

/** The id of what has the focus. */
export async function focusedId(page: Page): Promise<string> {
  return await page.evaluate<string>("document.activeElement.id");
}

/** Has somebody else write to the daemon, and waits for the answer. */
export async function ask(
  daemon: TestGateway,
  text: string,
  body: Readonly<Record<string, string>> = {},
): Promise<void> {
  await daemon.post("/api/messages?wait=10", { chatId: "c", userId: "u", text, ...body });
}
