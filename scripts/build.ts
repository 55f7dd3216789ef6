/** `npm run build`: makes `dist/`, the JavaScript and the files that a release needs, laid out like the repository. */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });

const compiled = spawnSync("tsc", ["-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
if (compiled.error !== undefined) {
  throw new Error("expected the TypeScript compiler on the PATH: start this with npm run build", {
    cause: compiled.error,
  });
}

if (compiled.status === 0) {
  // The page, the example configuration: whatever is no TypeScript is taken as it stands. parley.js has been compiled,
  // since its import must name main.js.
  for (const folder of ["src", "adapters", "config"]) {
    cpSync(join(root, folder), join(dist, folder), {
      recursive: true,
      filter: (path) =>
        statSync(path).isDirectory() || !(path.endsWith(".ts") || path === join(root, "src/cli/parley.js")),
    });
  }
  // Code that looks for ../../package.json finds name and version here as well as in a clone.
  const { name, version, type } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  writeFileSync(join(dist, "package.json"), `${JSON.stringify({ name, version, type }, null, 2)}\n`);
  chmodSync(join(dist, "src/cli/parley.js"), 0o755);
} else {
  // What did not compile must not be packed.
  rmSync(dist, { recursive: true, force: true });
  console.error("npm run build: the types do not fit; see above. Nothing was built.");
  process.exitCode = 1;
}
