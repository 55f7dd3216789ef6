import type { Usage } from "../agent/backend.ts";
import type { Connection } from "./sqlite.ts";
import { statement } from "./statement.ts";

/** What one turn adds to its session's counters. */
interface UsageIncrement {
  row: number;
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  cost: number;
  /** 1 or 0. */
  costKnown: number;
  lastPrompt: number;
}
const addition = statement<UsageIncrement>()((db, p) =>
  db
    .updateTable("sessions")
    .set((eb) => ({
      input_tokens: eb("input_tokens", "+", p.input),
      output_tokens: eb("output_tokens", "+", p.output),
      cache_read_tokens: eb("cache_read_tokens", "+", p.cacheRead),
      cache_write_tokens: eb("cache_write_tokens", "+", p.cacheWrite),
      cost_usd: eb("cost_usd", "+", p.cost),
      cost_known: eb("cost_known", "*", p.costKnown),
      last_prompt_tokens: p.lastPrompt,
    }))
    .where("id", "=", p.row),
);

const additionAside = statement<Omit<UsageIncrement, "lastPrompt">>()((db, p) =>
  db
    .updateTable("sessions")
    .set((eb) => ({
      input_tokens: eb("input_tokens", "+", p.input),
      output_tokens: eb("output_tokens", "+", p.output),
      cache_read_tokens: eb("cache_read_tokens", "+", p.cacheRead),
      cache_write_tokens: eb("cache_write_tokens", "+", p.cacheWrite),
      cost_usd: eb("cost_usd", "+", p.cost),
      cost_known: eb("cost_known", "*", p.costKnown),
    }))
    .where("id", "=", p.row),
);

/** Adds a turn's tokens and cost to its session. */
export function recordUsage(db: Pick<Connection, "run">, session: number, usage: Usage): void {
  const lastPrompt = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  db.run(addition, { ...incrementOf(session, usage), lastPrompt });
}

/** Adds what was spent on a session beside its turns, such as its title: how long the conversation is now is not said by that. */
export function recordUsageAside(db: Pick<Connection, "run">, session: number, usage: Usage): void {
  db.run(additionAside, incrementOf(session, usage));
}

function incrementOf(row: number, usage: Usage): Omit<UsageIncrement, "lastPrompt"> {
  return {
    row,
    input: usage.inputTokens,
    output: usage.outputTokens,
    cacheRead: usage.cacheReadTokens,
    cacheWrite: usage.cacheWriteTokens,
    cost: usage.costUsd ?? 0,
    costKnown: usage.costUsd === null ? 0 : 1,
  };
}
