import { type ChildProcessByStdio, spawn } from "node:child_process";
import { statSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import type { Clock } from "../clock/clock.ts";
import type { AgentEvent } from "./backend.ts";
import { childEnvironment } from "./child-environment.ts";
import { endGroup } from "./child-group.ts";
import { processStart } from "./child-identity.ts";
import { dropChildRecord, writeChildRecord } from "./child-record.ts";
import { failed } from "./program-failure.ts";

/** Which program, and where. */
export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** Its environment besides PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether `command` is a line for /bin/sh, with `args` as `$1`, `$2`, …. */
  readonly shell: boolean;
  /** Where running programs are noted for the next start. */
  readonly stateDir: string;
  readonly clock: Clock;
  readonly report: (line: string) => void;
}

/** How a program ended. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program that runs, as leader of a process group of its own. */
export interface RunningChild {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when the program itself has ended; its output may still hold something. */
  readonly exited: Promise<ChildExit>;
  /** Ends it with everything it started, within 0.7 s; the same promise for everybody who asks. */
  end(): Promise<void>;
}

/** A program that runs, or why it could not be started. */
export type StartedChild =
  | { readonly kind: "running"; readonly child: RunningChild }
  | { readonly kind: "failed"; readonly event: AgentEvent & { readonly kind: "failed" } };

/** Starts a program in a process group of its own (POSIX), with pipes for all three streams. */
export async function startChild(options: ChildOptions): Promise<StartedChild> {
  const [command, args] = options.shell
    ? ["/bin/sh", ["-c", options.command, "sh", ...options.args]]
    : [options.command, options.args];
  try {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: childEnvironment(options.env),
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    const exited = new Promise<ChildExit>((resolve) => {
      child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    // A program may end without reading its input: that is no error of ours.
    child.stdin.on("error", () => {});
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    // Later errors are about signals that could not be delivered; the group is ended by its own means.
    child.on("error", () => {});
    return { kind: "running", child: runningChild(child, exited, options) };
  } catch (error) {
    return { kind: "failed", event: startFailure(error, options) };
  }
}

function runningChild(
  child: ChildProcessByStdio<Writable, Readable, Readable>,
  exited: Promise<ChildExit>,
  { stateDir, clock, report }: ChildOptions,
): RunningChild {
  const { pid } = child;
  if (pid === undefined) throw new Error("a program that was started has no process id");
  try {
    const start = processStart(pid);
    if (start !== null) writeChildRecord(stateDir, { pid, start });
  } catch (error) {
    report(`a running program could not be noted: ${error instanceof Error ? error.message : String(error)}`);
  }
  let ending: Promise<void> | null = null;
  const end = () => {
    ending ??= endGroup(pid, clock).then(() => forget(stateDir, pid, report));
    return ending;
  };
  // What a program started ends with it.
  void exited.then(end);
  return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, exited, end };
}

function forget(stateDir: string, pid: number, report: (line: string) => void): void {
  try {
    dropChildRecord(stateDir, pid);
  } catch (error) {
    // The next start finds that nothing with this pid and start runs any more.
    report(`a program that ended is still noted: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function startFailure(error: unknown, options: ChildOptions): AgentEvent & { readonly kind: "failed" } {
  const { command, cwd } = options;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  // Node says ENOENT of the program when it is the folder that is missing.
  if (statSync(cwd, { throwIfNoEntry: false })?.isDirectory() !== true)
    return failed("misconfigured", `cwd: expected a folder, got ${cwd}, which is none. Make it, or name another.`);
  switch (code) {
    case "ENOENT":
      return failed(
        "misconfigured",
        `command: expected a program, got ${JSON.stringify(command)}, which was not found in PATH or in ${cwd}. Install it, or give its whole path.`,
      );
    case "EACCES":
      return failed(
        "misconfigured",
        `command: expected a program that may be run, got ${JSON.stringify(command)}, which may not. Make it executable (chmod +x).`,
      );
    case "EAGAIN":
    case "EMFILE":
    case "ENFILE":
    case "ENOMEM":
      return failed("unavailable", `command: ${JSON.stringify(command)} could not be started: ${code}`);
    default:
      return failed(
        "misconfigured",
        `command: ${JSON.stringify(command)} could not be started: ${error instanceof Error ? error.message : String(error)}`,
      );
  }
}
