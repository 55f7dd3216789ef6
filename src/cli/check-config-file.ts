import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { type Finding, problem } from "./finding.ts";

/** Permissions of group and others. */
const OTHERS_READ = 0o044;
/** What group and others need of a folder to reach what is in it. */
const OTHERS_ENTER = 0o011;

/** What is wrong with a configuration's file: that it holds secrets others can read. Those that come from the environment are not in it. */
export function checkConfigFile(path: string, secrets: readonly string[]): readonly Finding[] {
  const isOpen = (statSync(path).mode & OTHERS_READ) !== 0 && (statSync(dirname(path)).mode & OTHERS_ENTER) !== 0;
  // Windows has no such bits.
  if (process.platform === "win32" || !isOpen) return [];
  const text = readFileSync(path, "utf8");
  if (!secrets.some((secret) => secret !== "" && text.includes(secret))) return [];
  const words = `${path} holds secrets, and others may read it.`;
  return [problem("configuration", `${words} Run: chmod 600 ${JSON.stringify(path)}, or give them as "\${VARIABLE}".`)];
}
