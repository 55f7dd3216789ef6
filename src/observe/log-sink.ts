import { isatty } from "node:tty";
import pino from "pino";

/** Where finished log lines go. */
export interface LogSink {
  write(text: string): void;
  /** Resolves when what was written has left the process; absent: writing is immediate. */
  flush?(): Promise<void>;
  /** Whether a person at a terminal reads it. */
  readonly isTerminal?: boolean;
}

/** Lines kept for a reader that has stalled, in UTF-16 units; the newest beyond it are dropped: a log never stops the daemon. */
const MAX_BUFFERED_LENGTH = 16 * 1024 * 1024;

/** The process's own output, written without blocking; what is left at exit is written then, and a closed pipe is ignored. */
export function openProcessSink(name: "stdout" | "stderr"): LogSink {
  const fd = name === "stdout" ? 1 : 2;
  // minLength 1, since with 0 its flush does not wait.
  const destination = pino.destination({ fd, sync: false, minLength: 1, maxLength: MAX_BUFFERED_LENGTH });
  return {
    write: (text) => void destination.write(text),
    // It also asks for fsync, which pipes and terminals refuse: no failure of a log.
    flush: () => new Promise((resolve) => destination.flush(() => resolve())),
    isTerminal: isatty(fd),
  };
}
