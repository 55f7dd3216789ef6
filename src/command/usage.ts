import { selectLiveSession } from "../store/sessions.ts";
import { selectUsageTotals, type UsageTotals } from "../store/usage-totals.ts";
import { type Command, says } from "./command.ts";

/** `/usage`: what this conversation has used, and all of this place together. */
export const usageCommand: Command = {
  name: "usage",
  usage: "",
  summary: "Show the tokens and the cost of this conversation, and of all of this place.",
  group: "work",
  answer: "private",
  run({ tx, key }) {
    const session = selectLiveSession(tx, key);
    const all = selectUsageTotals(tx, key);
    if (all.sessions === 0) return says("No conversation was opened here yet.");
    const here =
      session === null
        ? "No conversation is open."
        : `This conversation: ${usageText({
            inputTokens: session.input_tokens,
            outputTokens: session.output_tokens,
            cacheReadTokens: session.cache_read_tokens,
            cacheWriteTokens: session.cache_write_tokens,
            costUsd: session.cost_usd,
            costKnown: session.cost_known === 1,
          })}`;
    const count = all.sessions === 1 ? "The one conversation" : `All ${all.sessions} conversations`;
    return says(`${here}\n${count} of this place: ${usageText(all)}`);
  },
};

function usageText(usage: Omit<UsageTotals, "sessions">): string {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, costUsd, costKnown } = usage;
  const counted = inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens;
  if (counted === 0 && costUsd === 0 && costKnown) return "nothing counted.";
  const cache =
    cacheReadTokens + cacheWriteTokens === 0
      ? ""
      : `, ${countText(cacheReadTokens)} read from and ${countText(cacheWriteTokens)} written to the cache`;
  return `${countText(inputTokens)} tokens in, ${countText(outputTokens)} out${cache}; ${costText(costUsd, costKnown)}.`;
}

function costText(costUsd: number, isKnown: boolean): string {
  const dollars = `$${costUsd.toFixed(costUsd < 1 ? 4 : 2)}`;
  if (isKnown) return `cost ${dollars}`;
  return costUsd === 0 ? "cost not known" : `cost at least ${dollars}, some of it is not known`;
}

function countText(count: number): string {
  return count.toLocaleString("en-US");
}
