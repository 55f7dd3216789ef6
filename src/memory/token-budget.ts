/** Tokens of a context when nothing else is known: what the large models take. */
export const DEFAULT_BUDGET_TOKENS = 200_000;
/** What older configurations wrote where they meant "the default". */
const LEGACY_DEFAULT_TOKENS = 8_000;

/** The budget to work with: nothing, nonsense and the old default are the default; otherwise whole tokens. */
export function normalizeTokenBudget(tokens: number): number {
  const whole = Math.floor(tokens);
  return whole > 0 && whole !== LEGACY_DEFAULT_TOKENS && Number.isFinite(whole) ? whole : DEFAULT_BUDGET_TOKENS;
}
