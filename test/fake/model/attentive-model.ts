import type { ModelReply } from "./model-reply.ts";
import type { SeenRequest } from "./model-server.ts";

/** A model that pays attention: it answers "what is my …?" from what it is shown, sums up what people said of theirs, and notes it. */
export function attentiveModel(request: SeenRequest): ModelReply {
  const { task, shown, asked } = readRequest(request);
  return { kind: "answer", deltas: [attentiveAnswer(task, shown, asked)] };
}

/** What it says to this, given its task and what it is shown. */
export function attentiveAnswer(task: string, shown: string, asked: string): string {
  if (task.startsWith("You keep the record")) {
    const facts = [...shown.matchAll(/my (\w+) is (\w+)/gi)].map(([fact]) => fact);
    const overview = [...new Set(facts)].join(". ") || "Small talk.";
    return JSON.stringify({ overview, abstract: `${facts.length} facts`, decisions: [], openLoops: [] });
  }
  if (task.startsWith("You read a conversation")) {
    const claims = [...shown.matchAll(/user (p\d+):\n> (?:\[[^\]]*\] )?my (\w+) is (\w+)/gi)].map(
      ([, author, what, value]) => {
        const content = `Their ${what} is ${value}.`;
        return { kind: "new", content, bucket: "project_fact", about: "user", author, confidence: 0.95 };
      },
    );
    return JSON.stringify({ claims });
  }
  const wanted = /what is my (\w+)\?/i.exec(asked)?.[1];
  if (wanted === undefined) return "Noted.";
  const found = [...shown.matchAll(new RegExp(`(?:my|their) ${wanted} is (\\w+)`, "gi"))].at(-1)?.[1];
  return found === undefined ? "I don't know." : `It is ${found}.`;
}

/** What an OpenAI-compatible request is for, and what it shows. */
export function readRequest({ body }: Pick<SeenRequest, "body">) {
  const { messages } = JSON.parse(body) as { readonly messages: readonly { role: string; content: unknown }[] };
  const texts = messages.map(({ content }) => (typeof content === "string" ? content : JSON.stringify(content)));
  const said = texts.slice(1);
  return { task: texts[0] ?? "", shown: said.join("\n"), asked: texts.at(-1) ?? "", system: texts[0] ?? "" };
}
