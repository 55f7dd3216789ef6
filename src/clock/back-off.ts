/** How long to wait after so many failures in a row (from 1): `firstMs`, then twice as long each time, at most `longestMs`. */
export function backOffMs(failures: number, firstMs: number, longestMs: number): number {
  // Beyond 2³⁰ times the first wait any longest one is reached.
  return Math.min(longestMs, firstMs * 2 ** Math.min(Math.max(failures - 1, 0), 30));
}
