const EPOCH_MS = 1_420_070_400_000n;

/** Makes ids as Discord does: the time they were made at, and a count within it. */
export function snowflakes(nowMs: () => number): () => string {
  let count = 0n;
  return () => String(((BigInt(Math.floor(nowMs())) - EPOCH_MS) << 22n) | (count++ & 0x3fffffn));
}

/** Orders ids by time. */
export function isAfter(a: string, b: string): boolean {
  return BigInt(a) > BigInt(b);
}
