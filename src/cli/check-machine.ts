import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { type Finding, fine, problem } from "./finding.ts";
import { openToOthers } from "./open-to-others.ts";

/** What the package's `engines` ask for. */
const LEAST_NODE = 24;
/** Less room than this is used up by a busy day; a full disk refuses every message. */
const MIN_FREE_BYTES = 256 * 1024 * 1024;
const BYTES_A_MIB = 1024 * 1024;
/** Most open files and folders that are named: one command mends them all. */
const NAMED = 10;

/** Looks at what Parley stands on: Node.js, and the data directory unless it is not known (null). */
export function checkMachine(dataDir: string | null): readonly Finding[] {
  return [checkNode(), ...(dataDir === null ? [] : [...checkFolder(dataDir), checkSpace(dataDir)])];
}

function checkNode(): Finding {
  const { node } = process.versions;
  return Number(node.split(".")[0]) >= LEAST_NODE
    ? fine("Node.js", node)
    : problem("Node.js", `expected ${LEAST_NODE} or newer, got ${node}. Install one from https://nodejs.org.`);
}

function checkFolder(dataDir: string): readonly Finding[] {
  const subject = "data directory";
  const stats = statSync(dataDir, { throwIfNoEntry: false });
  if (stats === undefined) return [fine(subject, `${dataDir} is not there yet; the first start makes it`)];
  if (!stats.isDirectory()) {
    return [problem(subject, `expected a folder at ${dataDir}, got something else. Move it away, or set dataDir.`)];
  }
  if (!isWritable(dataDir)) {
    return [problem(subject, `${dataDir} may not be written by this user. Change its owner, or set dataDir.`)];
  }
  const open = openToOthers(dataDir);
  if (open.length === 0) return [fine(subject, dataDir)];
  const more = open.length <= NAMED ? "" : ` and ${open.length - NAMED} more`;
  const words = `expected that only its owner may read it, but others may read ${open.slice(0, NAMED).join(", ")}${more}.`;
  return [problem(subject, `${words} Run: chmod -R go-rwx ${JSON.stringify(dataDir)}`)];
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function checkSpace(dataDir: string): Finding {
  let folder = dataDir;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  const free = `${Math.floor((bavail * bsize) / BYTES_A_MIB)} MiB free`;
  return bavail * bsize >= MIN_FREE_BYTES
    ? fine("disk space", free)
    : problem(
        "disk space",
        `${free}, expected at least ${MIN_FREE_BYTES / BYTES_A_MIB} MiB. Make room, or move dataDir.`,
      );
}
