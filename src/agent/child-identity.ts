import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** How long `ps` may take, where there is no /proc. */
const PS_TIMEOUT_MS = 2_000;

/** What the system's process table says about a process. */
interface ProcessFacts {
  readonly groupId: number;
  readonly sessionId: number;
  /** In ticks since the machine's start. */
  readonly startTicks: number;
}

/**
 * When the process with this pid started, as a text that no later process with the same pid shares; null when there is none.
 * Linux: the boot's id and the ticks since then (/proc, proc_pid_stat(5)); elsewhere the time of day by `ps`.
 */
export function processStart(pid: number): string | null {
  if (process.platform !== "linux") return startByPs(pid);
  const facts = factsOf(pid);
  return facts === null ? null : `${bootId()}/${facts.startTicks}`;
}

/**
 * Whether a process group that was started as leader of a session of its own, then, still has members: its leader, or, on
 * Linux, others that outlived it.
 */
export function isGroupAlive(pid: number, start: string): boolean {
  const now = processStart(pid);
  if (now !== null || process.platform !== "linux") return now === start;
  const [boot, ticks] = start.split("/");
  if (boot !== bootId()) return false;
  return processes().some(
    (facts) => facts.groupId === pid && facts.sessionId === pid && facts.startTicks >= Number(ticks),
  );
}

function processes(): readonly ProcessFacts[] {
  return readdirSync("/proc").flatMap((name) => {
    const facts = /^\d+$/.test(name) ? factsOf(Number(name)) : null;
    return facts === null ? [] : [facts];
  });
}

function factsOf(pid: number): ProcessFacts | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null; // it has ended
  }
  // The second field is the program's name in brackets, with whatever it likes inside.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [groupId, sessionId, startTicks] = [fields[2], fields[3], fields[19]].map(Number);
  if (groupId === undefined || sessionId === undefined || startTicks === undefined) return null;
  // A zombie has nothing left to end.
  return fields[0] === "Z" ? null : { groupId, sessionId, startTicks };
}

function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

function startByPs(pid: number): string | null {
  try {
    const output = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
      timeout: PS_TIMEOUT_MS,
      env: { PATH: process.env.PATH ?? "", LC_ALL: "C" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    return output.trim() || null;
  } catch {
    return null; // no such process
  }
}
