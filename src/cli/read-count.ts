import type { CliCall } from "./cli-command.ts";
import { UsageError } from "./failure.ts";

/** The whole number an option gives, both bounds included; `fallback` when it was not given. */
export function readCount<F>(call: CliCall, name: string, bounds: readonly [number, number], fallback: F): number | F {
  const text = call.text(name);
  if (text === null) return fallback;
  const [min, max] = bounds;
  const count = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= min && count <= max) return count;
  throw new UsageError(`--${name}: expected a whole number from ${min} to ${max}, got "${text}".`);
}
