import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

interface Locked {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), "utf8"));
const manifest = read("package.json");
const packages = Object.entries<Locked>(read("package-lock.json").packages).filter(([path]) => path !== "");

/** What may run a program of its own when it is installed, and why: `node` links the program for this machine. */
const MAY_RUN_SCRIPTS = ["node"];

test("no package but the named ones has a script that runs when it is installed", () => {
  const scripted = packages.flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript === true ? [path.replace(/^.*node_modules\//, "")] : [],
  );
  assert.deepEqual(scripted, MAY_RUN_SCRIPTS);
  const allowed = Object.entries(manifest.allowScripts).flatMap(([name, isAllowed]) => (isAllowed ? [name] : []));
  assert.deepEqual(allowed, MAY_RUN_SCRIPTS);
});

test("every package has the checksum it is to have, but for development tools of other machines; none is from elsewhere", () => {
  const strange = packages.filter(
    ([, { resolved, integrity, dev, optional }]) =>
      (resolved !== undefined && !resolved.startsWith("https://registry.npmjs.org/")) ||
      !(integrity === undefined ? dev === true && optional === true : /^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity)),
  );
  assert.deepEqual(strange, []);
  assert.ok(packages.length > 100);
});

test("what the program is made of is named with its exact version", () => {
  const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  assert.deepEqual(
    versions.filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(String(version))),
    [],
  );
});
