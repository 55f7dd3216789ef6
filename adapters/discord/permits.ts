/** Does things a few at a time. */
export interface Permits {
  within<T>(work: () => Promise<T>): Promise<T>;
}

/** Opens it: at most `limit` at once, the others in the order in which they came. */
export function openPermits(limit: number): Permits {
  const waiting: (() => void)[] = [];
  let free = limit;
  return {
    async within(work) {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free++;
        else next();
      }
    },
  };
}
