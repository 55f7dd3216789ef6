import fc from "fast-check";

/** A parser, and what is thrown at it. */
export interface FuzzTarget {
  readonly name: string;
  /** Reads so many inputs made from the seed; rejects with the smallest one that crashes it, takes too long, or breaks its promise. */
  run(cases: number, seed: number, maxMs?: number): Promise<FuzzFigures>;
}

/** How it went. */
export interface FuzzFigures {
  readonly cases: number;
  readonly slowestMs: number;
}

/** Nobody's input may hold up everybody's conversations for longer. */
const MAX_MS = 1_000;

/** A target. `read` throws, or rejects, when the parser does not do what it should; errors a parser throws by contract are caught there. */
export function fuzzTarget<T>(
  name: string,
  inputs: fc.Arbitrary<T>,
  read: (input: T) => void | Promise<void>,
): FuzzTarget {
  return {
    name,
    async run(cases, seed, maxMs = MAX_MS) {
      let slowestMs = 0;
      const property = fc.asyncProperty(inputs, async (input) => {
        const started = process.threadCpuUsage();
        await read(input);
        // The time of this thread alone: what else the machine does takes none of it.
        const { user, system } = process.threadCpuUsage(started);
        const tookMs = (user + system) / 1_000;
        slowestMs = Math.max(slowestMs, tookMs);
        if (tookMs > maxMs) throw new Error(`${name}: took ${Math.round(tookMs)} ms`);
      });
      await fc.assert(property, { numRuns: cases, seed });
      return { cases, slowestMs };
    },
  };
}

/** Calls `read`, whose errors of these classes are its answer to bad input. */
export function unless<T>(read: () => T, ...expected: readonly (abstract new (...given: never[]) => Error)[]): void {
  try {
    read();
  } catch (error) {
    if (!expected.some((kind) => error instanceof kind)) throw error;
  }
}
