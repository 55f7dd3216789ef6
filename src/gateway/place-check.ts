import type { Clock } from "../clock/clock.ts";
import { inTime } from "../clock/in-time.ts";
import type { JobDesk } from "../schedule/job-desk.ts";
import type { ResolvedTarget } from "../session/resolve-targets.ts";
import type { AdapterOf } from "./posts.ts";

/** Longest wait for what one platform says of one place: somebody waits for the answer, and no answer is no refusal. */
const TIMEOUT_MS = 5_000;
/** Places asked about at the same time: platforms count calls. */
const MAX_AT_ONCE = 5;

/** Opens what asks the platforms whether anything can be posted in places, each once; `stopping` ends what is under way. */
export function openPlaceCheck(parts: {
  readonly adapterOf: AdapterOf;
  readonly clock: Clock;
  readonly stopping: AbortSignal;
}): JobDesk["refusedPlaces"] {
  const { adapterOf, clock, stopping } = parts;
  const ask = async ({ place, text }: Extract<ResolvedTarget, { kind: "place" }>) => {
    const adapter = adapterOf(place.platform, place.account);
    const { chatId, threadId } = place;
    const why = await inTime((signal) => adapter?.canPost?.({ chatId, threadId }, signal), clock, TIMEOUT_MS, stopping);
    return why === null ? [] : [[text, `${text}: ${why}`] as const];
  };
  return async (targets) => {
    const places = new Map(targets.flatMap((target) => (target.kind === "place" ? [[target.text, target]] : [])));
    const waiting = [...places.values()];
    const refused = new Map<string, string>();
    while (waiting.length > 0) {
      const answers = await Promise.all(waiting.splice(0, MAX_AT_ONCE).map(ask));
      for (const [text, why] of answers.flat()) refused.set(text, why);
    }
    return refused;
  };
}
