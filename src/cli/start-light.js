import { hash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { setFlagsFromString } from "node:v8";

const root = new URL("../../", import.meta.url);
const dependencies = new URL("node_modules/", root);
const cache = new URL(".cache/parley/", dependencies);

/**
 * Faces of packages that import far more than is used here: zod brings the words of fifty languages, kysely the dialects of
 * other databases. They are named by the versions that the lock file pins; where a path differs, the package's own face is used.
 */
const FACES = [
  ["/node_modules/zod/v4/locales/index.js", 'export { default as en } from "./en.js";'],
  [
    "/node_modules/kysely/dist/index.js",
    `export { Kysely } from "./kysely.js";
     export { sql } from "./raw-builder/sql.js";
     export { DummyDriver } from "./driver/dummy-driver.js";
     export { SqliteAdapter } from "./dialect/sqlite/sqlite-adapter.js";
     export { SqliteIntrospector } from "./dialect/sqlite/sqlite-introspector.js";
     export { SqliteQueryCompiler } from "./dialect/sqlite/sqlite-query-compiler.js";`,
  ],
];

/** Keeps the program small while it starts: 45 MB of memory that it would otherwise hold for good. */
export function startLight(isDaemon) {
  // Importing makes much garbage once, for which V8 would grow its young generation to 16 MB; `settle-down.ts` lets it grow again.
  if (isDaemon) setFlagsFromString("--semi-space-growth-factor=1");
  // In a clone the types are stripped once and the result is kept (`npm ci` fills the cache): the compiler that strips
  // them takes 28 MB. Node's own compile cache would do it too, and hold another 5 MB of compiled code.
  const load = existsSync(dependencies) ? loadStripped : loadAsItIs;
  registerHooks({
    load(url, context, nextLoad) {
      const source = FACES.find(([path]) => url.endsWith(path))?.[1];
      return source === undefined || !hasWhole(url, source)
        ? load(url, context, nextLoad)
        : { format: "module", source, shortCircuit: true };
    },
  });
}

/** Whether every file that a face names is there. */
function hasWhole(url, source) {
  return source.matchAll(/"(\.[^"]+)"/g).every(([, path]) => existsSync(new URL(path, url)));
}

function loadAsItIs(url, context, nextLoad) {
  return nextLoad(url, context);
}

function loadStripped(url, context, nextLoad) {
  if (!url.startsWith(root.href) || !url.endsWith(".ts") || url.startsWith(dependencies.href)) {
    return nextLoad(url, context);
  }
  const typed = readFileSync(new URL(url), "utf8");
  return { format: "module", source: strippedOf(typed), shortCircuit: true };
}

/** The same text with white space for types; kept under its own hash, so that what is kept is never out of date. */
function strippedOf(typed) {
  const file = new URL(`${hash("sha1", typed)}.js`, cache);
  if (existsSync(file)) return readFileSync(file, "utf8");
  const stripped = quietly(() => stripTypeScriptTypes(typed));
  try {
    mkdirSync(cache, { recursive: true });
    // Renamed into place: a process that dies here, or one that starts meanwhile, must not find half a file.
    const whole = new URL(`${file.href}.${process.pid}`);
    writeFileSync(whole, stripped);
    renameSync(whole, file);
  } catch {
    // A folder that may not be written: it is stripped again next time.
  }
  return stripped;
}

/** Runs what Node warns of as experimental, without the warning: a source that changed since `npm ci` is nothing to tell a user. */
function quietly(act) {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return act();
  } finally {
    process.emitWarning = emitWarning;
  }
}
