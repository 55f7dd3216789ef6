import type { ReadStream, WriteStream } from "node:tty";

/** Where a command reads and writes. */
export interface Terminal {
  readonly stdin: ReadStream | NodeJS.ReadStream;
  readonly stdout: WriteStream | NodeJS.WriteStream;
  /** Writes lines to stdout, as they are. */
  print(lines: string): void;
  /** Writes one line to stderr, as it is. */
  complain(line: string): void;
  /** Whether a person sits at both ends. */
  readonly isInteractive: boolean;
}

/** The process's own streams. Who stops reading the output (`| head`) has seen enough: the process ends quietly. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: Error & { readonly code?: string }) => {
      if (error.code === "EPIPE") process.exit();
      // Node writes this one synchronously or not at all; there is no other place left to tell it.
      if (stream === stdout) stderr.write(`parley: cannot write the output: ${error.message}\n`);
      process.exit(1);
    });
  }
  return {
    stdin,
    stdout,
    print: (lines) => void stdout.write(`${lines}\n`),
    complain: (line) => void stderr.write(`${line}\n`),
    isInteractive: stdin.isTTY === true && stdout.isTTY === true,
  };
}
