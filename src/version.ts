import { readFileSync } from "node:fs";

/** This program's version, from its package.json. */
export const parleyVersion = versionOf(new URL("../package.json", import.meta.url));

function versionOf(file: URL): string {
  const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (typeof parsed === "object" && parsed !== null && "version" in parsed && typeof parsed.version === "string") {
    return parsed.version;
  }
  throw new Error(`${file.pathname}: expected a version, as npm packages have one. Install Parley again.`);
}
