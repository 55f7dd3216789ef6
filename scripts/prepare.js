// `npm ci` ends with this: loads every file of the program once, so that its stripped form is in the cache that
// `startLight` reads, and what was compiled of its packages in the one of `keepCompiled`. Plain JavaScript, since an install without dev dependencies runs it on whatever Node there is.
const isFit = Number(process.versions.node.split(".")[0]) >= 24;
if (isFit) {
  const { globSync } = await import("node:fs");
  const { fileURLToPath } = await import("node:url");
  const { startLight } = await import("../src/cli/start-light.js");
  const root = new URL("../", import.meta.url);
  startLight();
  const { keepCompiled } = await import("../src/cli/keep-compiled.ts");
  keepCompiled();
  for (const file of globSync("{src,adapters,config}/**/*.ts", { cwd: fileURLToPath(root) })) {
    // A clone that is being worked on may not load; installing it must still do.
    await import(new URL(file, root).href).catch((error) => console.warn(`parley: ${file} does not load: ${error}`));
  }
}
