import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

const root = join(import.meta.dirname, "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** A folder as a user has it after installing the tarball; its packages are this clone's, so no network is needed. */
let folder: string;
/** Where the tarball was unpacked. */
let installed: string;
let packed: readonly string[];

before(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-packaging-"));
  installed = join(folder, "node_modules", manifest.name);
  mkdirSync(installed, { recursive: true });
  const { status, stdout, stderr } = spawnSync("npm", ["pack", "--pack-destination", folder], {
    cwd: root,
    encoding: "utf8",
  });
  assert.equal(status, 0, `npm pack failed:\n${stdout}\n${stderr}`);
  const tarball = join(folder, `${manifest.name}-${manifest.version}.tgz`);
  packed = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split("\n").sort();
  execFileSync("tar", ["-xzf", tarball, "-C", installed, "--strip-components=1"]);
  symlinkSync(join(root, "node_modules"), join(installed, "node_modules"), "dir");
});

after(() => rmSync(folder, { recursive: true, force: true }));

function filesUnder(path: string): readonly string[] {
  if (!existsSync(join(root, path))) return [];
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

test("the tarball holds the built program, its licence and its documents, and no source, tests or tools", () => {
  const allowed = /^package\/(dist\/(src|adapters|config)\/|dist\/package\.json$|[^/]+\.(json|md)$|LICENSE$)/;
  assert.deepEqual(
    packed.filter((path) => !allowed.test(path)),
    [],
  );
  assert.deepEqual(
    packed.filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts")),
    [],
  );
  for (const path of ["package.json", "LICENSE", "dist/package.json", manifest.bin.parley]) {
    assert.ok(packed.includes(`package/${path}`), `${path} is missing`);
  }
});

test("every module is built, with its types, and every other file comes along as it stands", () => {
  // What only declares is for the compiler that made the rest.
  const sources = ["src", "adapters", "config"].flatMap(filesUnder).filter((path) => !path.endsWith(".d.ts"));
  assert.ok(sources.length > 10, `found ${sources.length} files`);
  for (const path of sources) {
    if (!path.endsWith(".ts")) assert.ok(packed.includes(`package/dist/${path}`), `dist/${path} is missing`);
    else if (!path.startsWith(join("src", "console", "page"))) {
      for (const extension of [".js", ".d.ts"]) {
        assert.ok(
          packed.includes(`package/dist/${path.replace(/\.ts$/, extension)}`),
          `dist/${path} lacks its ${extension}`,
        );
      }
    }
  }
});

test("the installed program starts and tells its version", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(installed, manifest.bin.parley), "version"], {
    cwd: folder,
    encoding: "utf8",
  });
  assert.equal(stderr, "");
  assert.ok(stdout.includes(manifest.version), stdout);
  assert.equal(status, 0);
});

test("a program that uses the library compiles and runs", () => {
  const program = `import { sessionKey, type SessionStore } from "parley-gateway";
    const wrong: SessionStore = 1;
    console.log(typeof sessionKey);`;
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "wrong.ts"), program);
  writeFileSync(join(folder, "right.ts"), program.replace(" = 1", " | null = null"));
  const tsc = join(root, "node_modules/.bin/tsc");
  const { stdout: told } = spawnSync(
    tsc,
    ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2024", "--skipLibCheck", "wrong.ts", "right.ts"],
    { cwd: folder, encoding: "utf8" },
  );
  // That the wrong one is refused shows that the types are found and are no `any`.
  assert.match(told, /^wrong\.ts\(2,11\): error TS2322/);
  assert.doesNotMatch(told, /right\.ts/);
  const { stdout, stderr } = spawnSync(process.execPath, ["right.ts"], { cwd: folder, encoding: "utf8" });
  assert.equal(stdout, "function\n", stderr);
});
