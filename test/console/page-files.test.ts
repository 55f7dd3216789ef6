import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startTestGateway } from "../support/test-gateway.ts";

const folder = join(import.meta.dirname, "../../src/console/page");

test("the page and its files are served with their types", async () => {
  await using daemon = await startTestGateway();
  const types = [
    ["/", "text/html; charset=utf-8"],
    ["/page/main.js", "text/javascript; charset=utf-8"],
    ["/page/page.css", "text/css; charset=utf-8"],
  ] as const;
  for (const [path, type] of types) {
    const response = await daemon.request(path);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), type);
  }
});

test("a browser that has a file already is not sent it again", async () => {
  await using daemon = await startTestGateway();
  const etag = (await daemon.request("/")).headers.get("etag") ?? "";
  const again = await daemon.request("/", { headers: { "if-none-match": etag } });
  assert.equal(again.status, 304);
  assert.equal(await again.text(), "");
  assert.equal((await daemon.request("/", { headers: { "if-none-match": '"other"' } })).status, 200);
});

test("the page makes no markup of text, anywhere", () => {
  const scripts = readdirSync(folder).filter((name) => name.endsWith(".js"));
  assert.ok(scripts.length > 10);
  for (const name of scripts) {
    const text = readFileSync(join(folder, name), "utf8");
    const markup =
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|setHTML|eval\(/;
    assert.doesNotMatch(text, markup, name);
  }
  const page = readFileSync(join(folder, "index.html"), "utf8");
  assert.doesNotMatch(page, /<script(?![^>]* src=)|<style|\son\w+=|\sstyle=/);
});
