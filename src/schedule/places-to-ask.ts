import type { JobOrigin } from "../message/message.ts";
import type { ResolvedTarget } from "../session/resolve-targets.ts";
import type { JobDesk } from "./job-desk.ts";
import { checkDraft, type JobDraft, type JobRules } from "./make-job.ts";

/** The targets of a job whose platforms are to be asked: where it is made the bot is heard already. */
export function placesToAsk(targets: readonly ResolvedTarget[], origin: JobOrigin | null): readonly ResolvedTarget[] {
  return targets.filter((target) => target.kind === "place" && !isMadeIn(target.place, origin));
}

/** Asks the platforms about a draft's places before it is made; null when nothing is known against them. What else is wrong with it is left to `makeJob`. */
export async function refusalOfPlaces(
  desk: Pick<JobDesk, "refusedPlaces">,
  draft: JobDraft,
  rules: JobRules,
  nowMs: number,
): Promise<string | null> {
  const checked = checkDraft(draft, rules, nowMs);
  if (checked.kind === "refused") return null;
  const refused = await desk.refusedPlaces(placesToAsk(checked.targets, draft.origin));
  return refused.size === 0 ? null : [...refused.values()].join("\n");
}

function isMadeIn(place: Extract<ResolvedTarget, { kind: "place" }>["place"], origin: JobOrigin | null): boolean {
  if (origin === null) return false;
  const { platform, account, chatId, threadId } = origin.source;
  return (
    place.platform === platform && place.account === account && place.chatId === chatId && place.threadId === threadId
  );
}
