/** A source of numbers that are always the same for a seed. */
export interface RandomNumbers {
  /** A whole number from 0 to below `n`. */
  below(n: number): number;
  /** One of these. */
  oneOf<T>(choices: readonly T[]): T;
  /** True once in so many times. */
  onceIn(n: number): boolean;
}

/** Makes one (mulberry32). */
export function randomNumbers(seed: number): RandomNumbers {
  let state = seed | 0;
  const below = (n: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n;
  };
  return {
    below,
    oneOf(choices) {
      const [first] = choices;
      if (first === undefined) throw new Error("expected something to choose from");
      return choices[below(choices.length)] ?? first;
    },
    onceIn: (n) => below(n) === 0,
  };
}
