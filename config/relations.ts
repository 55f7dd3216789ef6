import { nearest } from "../src/message/nearest.ts";
import { accessProblems, accessWarnings } from "./access-relations.ts";
import { isLoopback } from "./console.ts";
import type { Origins } from "./interpolate.ts";
import { jobProblems } from "./job-relations.ts";
import { memoryProblems } from "./memory-relations.ts";
import { OPENAI_BASE_URL } from "./model-agents.ts";
import { platformProblems } from "./platform-relations.ts";
import { type Problem, problemMessage } from "./problems.ts";
import { type Shown, shownValue } from "./shown.ts";
import { isTree, listAt, type Path, pathText, type Tree, valueAt } from "./tree.ts";

/**
 * Mistakes that no single field shows. It reads the tree as it was written, not the parsed one, so that a mistake in
 * another field does not hide them.
 */
export function relationProblems(tree: Tree, origins: Origins): readonly Problem[] {
  const shown: Shown = (path) => shownValue(valueAt(tree, path), {}, origins.get(pathText(path)) ?? null);
  return [
    ...consoleProblems(tree, shown),
    ...agentProblems(tree, shown),
    ...platformProblems(tree),
    ...accessProblems(tree, shown),
    ...jobProblems(tree, shown),
    ...memoryProblems(tree, shown),
  ];
}

/** Settings that are allowed and have no effect, or one that surprises. */
export function relationWarnings(tree: Tree): readonly string[] {
  const warnings: string[] = [];
  const sessions = (key: string) => valueAt(tree, ["sessions", key]);
  if (sessions("threadSessionsPerUser") === true && sessions("groupSessionsPerUser") === false) {
    warnings.push("sessions.threadSessionsPerUser: has no effect while groupSessionsPerUser is false.");
  }
  return [...warnings, ...accessWarnings(tree)];
}

function consoleProblems(tree: Tree, shown: Shown): readonly Problem[] {
  const host = valueAt(tree, ["console", "host"]);
  const isOpen = typeof host === "string" && !isLoopback(host) && valueAt(tree, ["console", "enabled"]) !== false;
  if (!isOpen || valueAt(tree, ["console", "token"]) !== undefined) {
    return [];
  }
  const expected = `a token, because others can reach console.host (${shown(["console", "host"])})`;
  const advice = 'Set PARLEY_TOKEN, for instance to what "openssl rand -hex 32" prints, or listen on 127.0.0.1.';
  return [{ path: "console.token", message: problemMessage(expected, "nothing", advice) }];
}

function agentProblems(tree: Tree, shown: Shown): readonly Problem[] {
  const agents = valueAt(tree, ["agents"]);
  const names = isTree(agents) ? Object.keys(agents) : [];
  const problems: Problem[] = [];
  for (const name of names) {
    const field = (key: string) => valueAt(tree, ["agents", name, key]);
    const isOwnEndpoint = field("baseUrl") !== undefined && field("baseUrl") !== OPENAI_BASE_URL;
    if (field("kind") === "openai" && isOwnEndpoint && field("model") === undefined) {
      const expected = "the name of a model of that endpoint";
      const path = pathText(["agents", name, "model"]);
      problems.push({ path, message: problemMessage(expected, "nothing", "Or set OPENAI_MODEL.") });
    }
  }
  for (const name of names) {
    const chain = fallbackChain(tree, name);
    if (chain.at(-1) !== name || chain.length === 1) continue;
    const path = pathText(["agents", name, "fallback"]);
    const expected = "an agent whose own fallbacks do not lead back here";
    problems.push({ path, message: problemMessage(expected, chain.join(" → "), "Leave one of them out.") });
  }
  for (const path of agentReferences(tree)) {
    const name = valueAt(tree, path);
    if (typeof name === "string" && !names.includes(name)) {
      const near = nearest(name, names);
      const advice = near === null ? `There are: ${names.join(", ")}.` : `Did you mean ${JSON.stringify(near)}?`;
      const message = problemMessage("the name of an agent under agents", shown(path), advice);
      problems.push({ path: pathText(path), message });
    }
  }
  return problems;
}

/** An agent and those that answer in its place, in order, up to the first that comes again. */
function fallbackChain(tree: Tree, name: string): readonly string[] {
  const chain = [name];
  for (let next = valueAt(tree, ["agents", name, "fallback"]); typeof next === "string"; ) {
    const isSeen = chain.includes(next);
    chain.push(next);
    if (isSeen) break;
    next = valueAt(tree, ["agents", next, "fallback"]);
  }
  return chain;
}

function agentReferences(tree: Tree): readonly Path[] {
  const agents = valueAt(tree, ["agents"]);
  const fallbacks = isTree(agents) ? Object.keys(agents).map((name): Path => ["agents", name, "fallback"]) : [];
  const named = ["routes", "jobs"].flatMap((section) =>
    listAt(tree, [section]).map((_, index): Path => [section, index, "agent"]),
  );
  return [...named, ...fallbacks, ["memory", "agent"]];
}
