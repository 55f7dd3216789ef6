import { nearest } from "../src/message/nearest.ts";
import { accessProblems, accessWarnings } from "./access-relations.ts";
import { isLoopback } from "./console.ts";
import type { Origins } from "./interpolate.ts";
import { OPENAI_BASE_URL } from "./model-agents.ts";
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

function agentReferences(tree: Tree): readonly Path[] {
  return ["routes", "jobs"].flatMap((section) => listAt(tree, [section]).map((_, index) => [section, index, "agent"]));
}

function platformProblems(tree: Tree): readonly Problem[] {
  const needs = (platform: string, key: string, expected: string, why: string): readonly Problem[] =>
    valueAt(tree, ["platforms", platform, key]) === undefined
      ? [{ path: `platforms.${platform}.${key}`, message: problemMessage(expected, "nothing", why) }]
      : [];
  const problems: Problem[] = [];
  const slack = valueAt(tree, ["platforms", "slack"]);
  if (isTree(slack) && slack.mode === "http") {
    const why = "http mode needs it; find it under Basic Information → App Credentials.";
    problems.push(...needs("slack", "signingSecret", "the app's signing secret", why));
  } else if (isTree(slack)) {
    const why = "Create one under Basic Information → App-Level Tokens; or set SLACK_APP_TOKEN.";
    problems.push(...needs("slack", "appToken", 'a token that starts with "xapp-"', why));
  }
  const telegram = valueAt(tree, ["platforms", "telegram"]);
  if (isTree(telegram) && telegram.mode === "webhook") {
    problems.push(
      ...needs("telegram", "webhookUrl", "a public address", "webhook mode needs it; or use mode: polling."),
    );
    const why = 'webhook mode needs it; make one with "openssl rand -hex 32".';
    problems.push(...needs("telegram", "webhookSecret", "1 to 256 letters, digits, _ and -", why));
  }
  return problems;
}

function jobProblems(tree: Tree, shown: Shown): readonly Problem[] {
  const names = listAt(tree, ["jobs"]).map((_, index) => valueAt(tree, ["jobs", index, "name"]));
  return names.flatMap((name, index) => {
    const path: Path = ["jobs", index, "name"];
    const isRepeated = name !== undefined && names.indexOf(name) < index;
    const message = problemMessage("a name that no other job has", shown(path), "Rename one of the two.");
    return isRepeated ? [{ path: pathText(path), message }] : [];
  });
}
