import { resolveResetPolicy } from "../session/reset-policy.ts";
import { nextResetAt } from "../session/reset-reason.ts";
import { putMeta, selectMeta } from "./meta.ts";
import type { SessionRules } from "./resolve-session.ts";
import { selectLivePage, updateNextReset } from "./session-dues.ts";
import type { Reader } from "./sqlite.ts";
import type { Tx } from "./writer.ts";

/** Sessions recomputed in one transaction. */
const PAGE = 1_000;

/** Each session carries when it is due; when the rules in the configuration have changed since, all live ones are computed anew. */
export async function applyResetRules(
  reader: Reader,
  write: (work: (tx: Tx) => void) => Promise<void>,
  rules: SessionRules,
): Promise<void> {
  const current = JSON.stringify(rules.resets);
  if (selectMeta(reader, "reset_rules") === current) return;
  for (let after = 0; ; ) {
    const page = selectLivePage(reader, after, PAGE);
    const last = page.at(-1);
    if (last === undefined) break;
    await write((tx) => {
      for (const session of page) {
        const policy = resolveResetPolicy(rules.resets, session.platform, session.chat_type);
        updateNextReset(tx, session.id, nextResetAt(policy, session.last_active_ms));
      }
    });
    after = last.id;
  }
  await write((tx) => putMeta(tx, "reset_rules", current));
}
