import { existsSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { addressOf, type ParleyProcess, type ProcessEnd, startParley } from "../support/daemon-process.ts";
import { type DeathPlan, type DeathPoint, type LastNote, PLAN_VARIABLE } from "./death.ts";

const preload = fileURLToPath(new URL("die-at.ts", import.meta.url));

/** A process that has been told where to die. */
export interface MortalProcess {
  readonly process: ParleyProcess;
  /** True until it has ended. */
  isAlive(): boolean;
  /** Where its console is; null while it has none. */
  url(): string | null;
  /** What it wrote as it died at its point; null when it was killed from outside, or ended in order. */
  lastNote(): LastNote | null;
}

/** Starts `parley` in a data directory with these words, to die at the `nth` time it comes to a point. */
export function startMortal(
  dataDir: string,
  args: readonly string[],
  plan: { readonly point: DeathPoint; readonly nth: number },
): MortalProcess {
  const notePath = `${dataDir}.note`;
  rmSync(notePath, { force: true });
  const death: DeathPlan = { ...plan, notePath };
  const started = startParley(dataDir, args, {
    logPath: `${dataDir}.log`,
    nodeArgs: ["--disable-warning=ExperimentalWarning", "--import", preload],
    env: { [PLAN_VARIABLE]: JSON.stringify(death) },
  });
  let end: ProcessEnd | null = null;
  void started.ended.then((how) => {
    end = how;
  });
  return {
    process: started,
    isAlive: () => end === null,
    url: () => addressOf(dataDir, started.child.pid),
    lastNote: () => (existsSync(notePath) ? (JSON.parse(readFileSync(notePath, "utf8")) as LastNote) : null),
  };
}
