import { join } from "node:path";
import { conversationPlan, type PlanSize } from "./conversation-plan.ts";
import { driveConversation } from "./drive-conversation.ts";
import { type Judgement, judge } from "./judge.ts";
import { goodModel, type RuleModel, sloppyModel } from "./rule-model.ts";
import { secretsStored } from "./secrets-stored.ts";

/** Who answers for the model. */
export type ModelKind = "good" | "sloppy" | "none";

/** Small enough that a session is compacted twice and a person's memory does not fit in: of these, memory gets a fifth. */
export const BUDGET_TOKENS = 2_000;

/** What one conversation showed. */
export interface Quality extends Judgement {
  readonly facts: number;
  readonly secrets: number;
  /** Secrets found in tables, with the table's name. */
  readonly secretsStored: readonly string[];
  readonly commits: number;
  readonly failures: number;
}

/** Holds a generated conversation in a folder of its own, and judges what the agent was given. */
export async function memoryQuality(dataDir: string, seed: number, kind: ModelKind, size: PlanSize): Promise<Quality> {
  const plan = conversationPlan(seed, size);
  const judging = judge(plan);
  const { store, commits, failures } = await driveConversation(plan, {
    dataDir,
    model: modelOf(kind, seed),
    budgetTokens: BUDGET_TOKENS,
    see: judging.see,
  });
  await store[Symbol.asyncDispose]();
  return {
    ...judging.judgement(),
    facts: plan.facts.size,
    secrets: plan.secrets.length,
    secretsStored: secretsStored(join(dataDir, "parley.db"), plan.secrets),
    commits,
    failures,
  };
}

function modelOf(kind: ModelKind, seed: number): RuleModel | null {
  switch (kind) {
    case "good":
      return goodModel();
    case "sloppy":
      return sloppyModel(seed);
    case "none":
      return null;
  }
}
