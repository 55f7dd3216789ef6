/** Waits for the signal that ends the program. */
export interface EndSignal {
  /** Resolves with the name of the first SIGTERM or SIGINT. */
  readonly received: Promise<NodeJS.Signals>;
  /** Gives the signals back to the system. */
  ignore(): void;
}

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** From now on the first SIGTERM or SIGINT is told, and a second one ends the process at once with exit code 1. */
export function awaitSignal(): EndSignal {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let isEnding = false;
  const onSignal = (name: NodeJS.Signals) => {
    if (isEnding) process.exit(1);
    isEnding = true;
    resolve(name);
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    received: promise,
    ignore() {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
