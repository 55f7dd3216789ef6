import type { LogLine } from "./summary.ts";

/** Until when lines are forgotten: all of them (`everybody`), or those of a person; milliseconds since 1970 UTC. */
export interface ForgottenUntil {
  readonly everybody: number | null;
  /** By the platform's id of the sender. */
  readonly people: ReadonlyMap<string, number>;
}

/**
 * The lines that may be learned from: what somebody said before they asked to be forgotten is not, nor what was answered to it, since that
 * may repeat it.
 */
export function learnableLines(lines: readonly LogLine[], forgotten: ForgottenUntil): readonly LogLine[] {
  const { everybody, people } = forgotten;
  let isForgotten = false;
  return lines.filter(({ role, senderId, atMs }) => {
    if (role === "user") {
      const untilMs = senderId === null ? undefined : people.get(senderId);
      isForgotten = untilMs !== undefined && atMs <= untilMs;
    }
    return !isForgotten && (everybody === null || atMs > everybody);
  });
}

/** Whether the same is forgotten: an extraction that began before somebody asked for it has read what it must not learn from. */
export function isSameForgotten(one: ForgottenUntil, other: ForgottenUntil): boolean {
  return (
    one.everybody === other.everybody &&
    one.people.size === other.people.size &&
    [...one.people].every(([senderId, untilMs]) => other.people.get(senderId) === untilMs)
  );
}
