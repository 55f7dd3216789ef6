import { MessageChannel } from "node:worker_threads";

/**
 * Keeps the process alive until it is disposed. The clock's timers don't, and a program that waits for nothing else
 * than a promise would end in the middle, and with exit code 0.
 */
export function stayAwake(): Disposable {
  const { port1 } = new MessageChannel();
  port1.ref();
  return { [Symbol.dispose]: () => port1.close() };
}
