import { randomNumbers } from "../../test/support/random-numbers.ts";
import { type ReadFact, readFacts } from "./read-facts.ts";
import { readPrompt, type ShownLine } from "./read-prompt.ts";

/** Answers a prompt as a model would: text, JSON for the most part. */
export interface RuleModel {
  readonly extraction: (prompt: string) => string;
  readonly summary: (prompt: string, maxTokens: number) => string;
}

interface Heard extends ReadFact {
  readonly alias: string | null;
}

interface SloppyClaim {
  readonly kind?: string;
  readonly content: string;
  readonly bucket?: string;
  readonly about: string;
  readonly author?: string | null;
  readonly confidence?: number;
  readonly replaces?: string;
}

/** Units of a text that are a token, as far as a model that is told a limit would guess. */
const UNITS_A_TOKEN = 3.5;

/** Understands every sentence of the plan, and does what the prompt asks for. */
export function goodModel(): RuleModel {
  return {
    extraction(prompt) {
      const { known, lines } = readPrompt(prompt);
      const claims = latest(lines.flatMap(heardIn)).map(({ topic, content, isOurs, alias }) => {
        const number = known.findIndex((text) => readFacts(text).some((fact) => fact.topic === topic));
        const isSame = known[number] === content;
        return {
          kind: number < 0 ? "new" : isSame ? "reinforce" : "update",
          content,
          bucket: isOurs ? "project_fact" : "preference",
          about: isOurs ? "chat" : "user",
          author: alias,
          confidence: 1,
          replaces: number < 0 ? null : `k${number + 1}`,
        };
      });
      return JSON.stringify({ claims });
    },
    summary(prompt, maxTokens) {
      const { record, lines } = readPrompt(prompt);
      const before = record.flatMap((text) => readFacts(text).map((fact) => ({ ...fact, alias: null })));
      const said = latest([...before, ...lines.flatMap(heardIn)]).map(({ content }) => content);
      const overview = within(said, maxTokens);
      const abstract = `${lines.length} messages, ${said.length} facts`;
      return JSON.stringify({
        overview: overview === "" ? "Small talk." : overview,
        abstract,
        decisions: [],
        openLoops: [],
        constraints: [],
        activeTask: null,
      });
    },
  };
}

/** Misses things, keeps noise and secrets, ignores the form, names wrong people, and takes nothing back. */
export function sloppyModel(seed: number): RuleModel {
  const random = randomNumbers(seed);
  return {
    extraction(prompt) {
      const { known, lines } = readPrompt(prompt);
      if (random.onceIn(20)) return "I'm sorry, I can't help with that.";
      const said = lines.filter(({ role }) => role === "user");
      const claims = said.flatMap((line): readonly SloppyClaim[] => {
        const [fact] = heardIn(line);
        const isSecret = /password|passwort|key|token|secret|\bpin\b|code|card|bearer/i.test(line.text);
        if (fact === undefined)
          return isSecret || random.onceIn(10)
            ? [{ content: line.text.slice(0, 300), about: "user", author: line.alias }]
            : [];
        if (random.onceIn(6)) return [];
        const number = known.findIndex((text) => readFacts(text).some(({ topic }) => topic === fact.topic));
        const isUpdate = number >= 0 && random.onceIn(2);
        return [
          {
            content: random.onceIn(3) ? line.text : fact.content,
            bucket: random.onceIn(4) ? "none" : fact.isOurs ? "project_fact" : "preference",
            about: random.onceIn(8) ? "chat" : fact.isOurs ? "chat" : "user",
            ...(random.onceIn(6) ? {} : { author: line.alias }),
            ...(random.onceIn(5) ? {} : { confidence: random.onceIn(4) ? 0.6 : 0.9 }),
            ...(isUpdate ? { kind: "update", replaces: `k${number + 1}` } : {}),
          },
        ];
      });
      if (random.onceIn(10)) return claims.map(({ content }) => `- ${content}`).join("\n") || "NO_MEMORY_NEEDED";
      const json = JSON.stringify({ claims }, null, 2);
      return random.onceIn(2) ? `Sure! Here is what I found:\n\`\`\`json\n${json}\n\`\`\`\nLet me know.` : json;
    },
    summary(prompt, maxTokens) {
      const { record, lines } = readPrompt(prompt);
      const said = lines
        .filter(({ role }) => role === "user")
        .filter(() => !random.onceIn(3))
        .map(({ text }) => text);
      const prose = within([...record.slice(0, 10), ...said], maxTokens * 2);
      return random.onceIn(2) ? prose : JSON.stringify({ overview: prose, open_loops: said.slice(0, 2) });
    },
  };
}

function heardIn(line: ShownLine): readonly Heard[] {
  return line.role === "user" ? readFacts(line.text).map((fact) => ({ ...fact, alias: line.alias })) : [];
}

/** Of each topic what was said last, of each person apart; what a group decided is everybody's. */
function latest(heard: readonly Heard[]): readonly Heard[] {
  return [...new Map(heard.map((fact) => [`${fact.isOurs ? "" : fact.alias}:${fact.topic}`, fact])).values()];
}

/** The newest of the texts that fit, in their order. */
function within(texts: readonly string[], maxTokens: number): string {
  let left = maxTokens * UNITS_A_TOKEN - 100;
  const kept: string[] = [];
  for (const text of texts.toReversed()) {
    left -= text.length + 1;
    if (left < 0) break;
    kept.unshift(text);
  }
  return kept.join("\n");
}
