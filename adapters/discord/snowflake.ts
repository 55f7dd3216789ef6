/** The first second of 2015 UTC, from which Discord counts (discord.com/developers/docs/reference#snowflakes). */
const EPOCH_MS = 1_420_070_400_000n;

/** Whether a text can be an id of Discord's; anything else has no place in a path of its API. */
export function isSnowflake(text: string): boolean {
  return /^\d{15,20}$/.test(text);
}

/** The smallest id of something made at `atMs` (milliseconds since 1970 UTC): what history is asked for with `after`. */
export function snowflakeAt(atMs: number): string {
  const sinceEpoch = BigInt(Math.floor(atMs)) - EPOCH_MS;
  return String((sinceEpoch > 0n ? sinceEpoch : 0n) << 22n);
}

/** Orders ids by time, the oldest first. */
export function compareSnowflakes(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
