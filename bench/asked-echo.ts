import type { TurnRequest } from "../src/index.ts";

/** An agent as most are: it is asked, in a turn, once its message is on disk. Loaded by the daemon. */
export async function* agent({ message }: TurnRequest): AsyncGenerator<string> {
  yield message.text;
}
