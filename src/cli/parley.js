#!/usr/bin/env node
// The one file that an old Node reads as well, and therefore plain JavaScript: Node below 22.18 refuses to start a .ts
// file, and the database's native module crashes on it. Nothing may be imported before the version is known to be fit.
const LEAST_NODE = 24;

if (Number(process.versions.node.split(".")[0]) >= LEAST_NODE) {
  void import("./start-light.js")
    .then(({ startLight }) => startLight(process.argv[2] === "run"))
    // A build writes `.js` here.
    .then(() => import("./main.ts"))
    .then((cli) => cli.main(process.argv.slice(2)));
} else {
  process.stderr.write(
    `parley: expected Node.js ${LEAST_NODE} or newer, got ${process.versions.node} (${process.execPath}). ` +
      'In a clone, "npm ci" brings a fit one and "npm run parley" uses it; elsewhere install one from https://nodejs.org.\n',
  );
  process.exitCode = 2;
}
