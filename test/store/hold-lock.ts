// A daemon as far as its lock is concerned: holds the data directory until it is killed, or says why it cannot.
import { lockDataDir } from "../../src/store/instance-lock.ts";

try {
  const lock = lockDataDir(process.argv[2] ?? "");
  lock.announce("http://127.0.0.1:8787");
  process.stdout.write("locked\n");
  process.stdin.resume().on("end", () => lock[Symbol.dispose]());
} catch (error) {
  process.stdout.write(`refused: ${String(error)}\n`);
}
