/** How far a provider's count may lie from ours before we doubt that both counted the same: code and rare scripts reach 3. */
const MIN_SCALE = 0.25;
const MAX_SCALE = 4;
/** Estimates below this many tokens say more about what a provider adds than about the text. */
const MIN_ESTIMATE = 64;
/** What the newest report counts: one odd turn must not double the next estimate. */
const NEWEST_SHARE = 0.3;

/** An estimate in the provider's tokens, rounded up. */
export function calibrated(tokens: number, scale: number): number {
  return Math.ceil(tokens * boundedScale(scale));
}

/** The greatest estimate that is at most so many of the provider's tokens. */
export function uncalibrated(tokens: number, scale: number): number {
  const most = Math.floor(Math.max(0, tokens) / boundedScale(scale));
  // Multiplied again, a fraction may come out a little larger.
  return calibrated(most, scale) > tokens ? Math.max(0, most - 1) : most;
}

/** The scale after a provider reported `reportedTokens` for what had been estimated, unscaled, at `estimatedTokens`. */
export function recalibrated(scale: number, estimatedTokens: number, reportedTokens: number): number {
  const known = boundedScale(scale);
  if (!(estimatedTokens >= MIN_ESTIMATE) || !(reportedTokens > 0)) return known;
  return boundedScale(known * (1 - NEWEST_SHARE) + (reportedTokens / estimatedTokens) * NEWEST_SHARE);
}

function boundedScale(scale: number): number {
  return Number.isNaN(scale) ? 1 : Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale));
}
