import { type Fact, isForeign, type Plan, type QuestionClass } from "./conversation-plan.ts";
import type { Given } from "./drive-conversation.ts";

/** So many of so many. */
export interface Share {
  readonly hits: number;
  readonly of: number;
}

/** What came of the questions of a conversation. */
export interface Judgement {
  /** Questions whose answer was in the context, by class. */
  readonly recall: Readonly<
    Record<QuestionClass | "told explicitly" | "in the fact's words" | "in other words" | "all", Share>
  >;
  /** Questions about something updated, where an old value stood in the context and the new one did not. */
  readonly staleAlone: Share;
  /** The same, where both are remembered as if both held. */
  readonly staleBeside: Share;
  /** Facts in contexts that somebody reads who was not there when they were said. */
  readonly leaks: readonly string[];
  /** Secrets in what a context says beside the conversation itself. */
  readonly secretsShown: readonly string[];
  readonly tokensATurn: number;
  readonly historyTokensATurn: number;
}

/** Looks at every context of a conversation that is being held. */
export function judge(plan: Plan): { readonly see: (given: Given) => void; readonly judgement: () => Judgement } {
  const shares = new Map<string, { hits: number; of: number }>();
  const add = (name: string, isHit: boolean) => {
    const share = shares.get(name) ?? { hits: 0, of: 0 };
    shares.set(name, { hits: share.hits + (isHit ? 1 : 0), of: share.of + 1 });
  };
  const leaks = new Set<string>();
  const secretsShown = new Set<string>();
  const sum = { turns: 0, tokens: 0, history: 0 };
  return {
    see({ session, turn, context, tokens, historyTokens }) {
      sum.turns += 1;
      sum.tokens += tokens;
      sum.history += historyTokens;
      const told = `${context.earlier}\n${context.remembered}`;
      const shown = factsIn(plan, [told, ...context.lines.map(({ text }) => text)].join("\n"));
      for (const fact of shown) if (isForeign(fact, session.place)) leaks.add(`${fact.value} in ${session.place.name}`);
      for (const secret of plan.secrets) if (told.includes(secret)) secretsShown.add(secret);
      const question = turn.asks;
      if (question === null) return;
      const isThere = shown.has(question.fact);
      add("all", isThere);
      add(question.kind, isThere);
      add(question.isInOtherWords ? "in other words" : "in the fact's words", isThere);
      if (question.fact.isExplicit) add("told explicitly", isThere);
      const before = chainBefore(question.fact);
      if (before.length === 0) return;
      const remembered = factsIn(plan, context.remembered);
      add("stale alone", !isThere && before.some((old) => shown.has(old)));
      add("stale beside", remembered.has(question.fact) && before.some((old) => remembered.has(old)));
    },
    judgement() {
      const share = (name: string) => shares.get(name) ?? { hits: 0, of: 0 };
      return {
        recall: {
          "same session": share("same session"),
          "earlier session": share("earlier session"),
          "months ago": share("months ago"),
          updated: share("updated"),
          "told explicitly": share("told explicitly"),
          "in the fact's words": share("in the fact's words"),
          "in other words": share("in other words"),
          all: share("all"),
        },
        staleAlone: share("stale alone"),
        staleBeside: share("stale beside"),
        leaks: [...leaks],
        secretsShown: [...secretsShown],
        tokensATurn: Math.round(sum.tokens / sum.turns),
        historyTokensATurn: Math.round(sum.history / sum.turns),
      };
    },
  };
}

/** The facts whose value is in a text. */
function factsIn(plan: Plan, text: string): ReadonlySet<Fact> {
  const found = new Set<Fact>();
  for (const [word] of text.matchAll(/[A-Z][a-z]+/g)) {
    const fact = plan.facts.get(word);
    if (fact !== undefined) found.add(fact);
  }
  return found;
}

/** What it took the place of, and what that had. */
function chainBefore(fact: Fact): readonly Fact[] {
  return fact.replaces === null ? [] : [fact.replaces, ...chainBefore(fact.replaces)];
}
