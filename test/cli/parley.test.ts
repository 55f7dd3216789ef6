import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { test } from "node:test";

const entry = join(import.meta.dirname, "../../src/cli/parley.js");

/** What an unfit Node must make of the program, whatever it was asked to do. */
function assertRefused(node: string, args: readonly string[], version: string): void {
  const { status, stdout, stderr } = spawnSync(node, [...args, entry, "version"], { encoding: "utf8" });
  assert.equal(stdout, "");
  assert.match(stderr, /^parley: expected Node\.js 24 or newer, got [^\n]*npm ci[^\n]*\n$/);
  assert.ok(stderr.includes(`got ${version} (${node})`), stderr);
  assert.equal(status, 2);
}

for (const version of ["20.20.2", "23.11.0", "8.17.0"]) {
  test(`Node ${version} is refused in one readable line`, () => {
    const disguise = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });`;
    assertRefused(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(disguise)}`], version);
  });
}

const unfit = unfitNode();

test("a real old Node gets that line too, and no crash", { skip: unfit === null && "every Node here is fit" }, () => {
  if (unfit !== null) assertRefused(unfit.path, [], unfit.version);
});

/** An old Node of this machine; null when there is none. */
function unfitNode(): { readonly path: string; readonly version: string } | null {
  const folders = ["/usr/bin", ...(process.env.PATH ?? "").split(delimiter)];
  for (const path of folders.map((folder) => join(folder, "node")).filter((path) => existsSync(path))) {
    const { stdout } = spawnSync(path, ["-p", "process.versions.node + ' ' + process.execPath"], { encoding: "utf8" });
    const [version = "", realPath = ""] = stdout.trim().split(" ");
    const major = Number.parseInt(version, 10);
    if (major >= 14 && major < 24) return { path: realPath, version };
  }
  return null;
}
