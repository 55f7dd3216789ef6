/** A program as the `command` agent starts it: its first argument says how it behaves. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";

const [, , how = "", ...rest] = process.argv;
const print = (line: unknown) =>
  void process.stdout.write(`${typeof line === "string" ? line : JSON.stringify(line)}\n`);

/** Sleeps in a process of its own, whose id goes to a file. */
function leaveSleeper(pidFile: string, options: { readonly detached?: boolean } = {}): void {
  const sleeper = spawn("sleep", ["600"], { stdio: "inherit", ...options });
  writeFileSync(pidFile, String(sleeper.pid));
}

const behaviours: Record<string, () => Promise<void> | void> = {
  async request() {
    print(await text(process.stdin));
  },
  split() {
    const bytes = Buffer.from("a🦜b");
    process.stdout.write(bytes.subarray(0, 3), () => {
      setTimeout(() => process.stdout.write(Buffer.concat([bytes.subarray(3), Buffer.from([0xff])])), 50);
    });
  },
  lines() {
    print({ type: "tool", name: "search", phase: "started", summary: "look\u001b[31m\nup" });
    print({ type: "text", delta: "Hello" });
    print({ type: "usage", inputTokens: 12, outputTokens: 3, costUsd: 0.5 });
    print("no json");
    print({ type: "from-the-future" });
    print({ type: "text", delta: " you" });
    print({ type: "tool", name: "search", phase: "finished" });
    print({ type: "done" });
    print({ type: "text", delta: "too late" });
  },
  file: () => print({ type: "file", path: rest[0] }),
  refuse: () => print({ type: "failed", reason: "refused", message: "Not this one." }),
  crash() {
    process.stdout.write("so far");
    process.stderr.write("first\nlast \u001b[31mwords\n");
    process.exitCode = Number(rest[0] ?? 3);
  },
  suicide() {
    process.kill(process.pid, "SIGKILL");
  },
  hang() {
    leaveSleeper(rest[0] ?? "");
    process.on("SIGTERM", () => {});
    process.stdout.write("thinking");
    setInterval(() => {}, 1000);
  },
  orphaning() {
    leaveSleeper(rest[0] ?? "");
    process.stdout.write("done here", () => process.exit(0));
  },
  escaping() {
    leaveSleeper(rest[0] ?? "", { detached: true });
    process.stdout.write("gone", () => process.exit(0));
  },
  flood() {
    const chunk = "x".repeat(64 * 1024);
    const more = () => process.stdout.write(chunk, more);
    more();
  },
  floodErrors() {
    for (let line = 0; line < 5000; line++) process.stderr.write(`line ${line}\n`);
    print("fine");
  },
  bulk() {
    const chunk = "0123456789abcdef".repeat(4096);
    let left = 16;
    const more = () => {
      left -= 1;
      if (left >= 0) process.stdout.write(chunk, more);
    };
    more();
  },
  deaf() {
    process.stdin.destroy();
    print("not listening");
  },
  linger() {
    print({ type: "done" });
    process.stdin.resume();
    process.stdin.on("end", () => setTimeout(() => writeFileSync(rest[0] ?? "", "tidied up"), 100));
  },
};

await behaviours[how]?.();
