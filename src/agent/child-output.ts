import { type Clock, sleep } from "../clock/clock.ts";
import type { RunningChild } from "./child-process.ts";

/** How long output is still awaited after a program and its group have ended: only a process that left the group can hold the pipe then. */
const QUIET_MS = 200;

/** A program's output as text in pieces, as fast as they are asked for; invalid UTF-8 becomes U+FFFD. Ends with the program at the latest. */
export async function* childOutput(child: RunningChild, clock: Clock): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const chunks: AsyncIterator<Uint8Array> = child.stdout.iterator({ destroyOnReturn: false });
  for (;;) {
    const arrived = await arrivalOf(chunks.next(), child, clock);
    if (arrived === null || arrived.done === true) break;
    const piece = decoder.decode(arrived.value, { stream: true });
    if (piece !== "") yield piece;
  }
  const last = decoder.decode();
  if (last !== "") yield last;
}

async function arrivalOf(
  next: Promise<IteratorResult<Uint8Array>>,
  child: RunningChild,
  clock: Clock,
): Promise<IteratorResult<Uint8Array> | null> {
  const arrived = await Promise.race([next, child.exited.then(() => null)]);
  return arrived ?? (await Promise.race([next, isQuiet(child, clock)]));
}

async function isQuiet(child: RunningChild, clock: Clock): Promise<null> {
  await child.end();
  // In two halves: a process that was held up itself looks at its pipes between them.
  await sleep(clock, QUIET_MS / 2);
  await sleep(clock, QUIET_MS / 2);
  return null;
}
