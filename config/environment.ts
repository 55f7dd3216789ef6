import type { Environment, Origin, Origins } from "./interpolate.ts";
import { isTree, pathText, type Tree, valueAt, withValueAt } from "./tree.ts";

/** What the environment adds to a configuration that does not say it itself. */
export interface FilledFromEnvironment {
  readonly tree: Tree;
  readonly origins: Origins;
  readonly warnings: readonly string[];
}

/** Plain settings: variable → field. */
const SETTINGS: readonly (readonly [variable: string, path: readonly string[]])[] = [
  ["PARLEY_DATA_DIR", ["dataDir"]],
  ["PARLEY_HOST", ["console", "host"]],
  ["PARLEY_PORT", ["console", "port"]],
  ["PARLEY_TOKEN", ["console", "token"]],
];

/** Tokens that switch a platform on: all of its variables together are enough. */
const PLATFORMS: readonly (readonly [
  platform: string,
  tokens: readonly (readonly [variable: string, field: string])[],
])[] = [
  ["telegram", [["TELEGRAM_BOT_TOKEN", "token"]]],
  ["discord", [["DISCORD_BOT_TOKEN", "token"]]],
  [
    "slack",
    [
      ["SLACK_BOT_TOKEN", "botToken"],
      ["SLACK_APP_TOKEN", "appToken"],
    ],
  ],
];

/**
 * Fills in from well-known variables what the file does not say. Empty variables count as absent, and the file always
 * wins; `telegram: false` keeps a platform off. A key goes only to the endpoint that the environment or the default
 * names: an agent with a `baseUrl` of its own never gets OPENAI_API_KEY or ANTHROPIC_API_KEY by itself.
 */
export function fillFromEnvironment(file: Tree, env: Environment): FilledFromEnvironment {
  const origins = new Map<string, Origin>();
  const warnings: string[] = [];
  const isSet = (variable: string) => Object.hasOwn(env, variable) && Boolean(env[variable]);
  const fill = (tree: Tree, variable: string, path: readonly string[]): Tree => {
    const said = valueAt(tree, path);
    if (!isSet(variable) || (said !== undefined && said !== "")) {
      return tree;
    }
    origins.set(pathText(path), { variables: [variable], whole: true });
    return withValueAt(tree, path, env[variable]);
  };

  let tree = file;
  for (const [variable, path] of SETTINGS) {
    tree = fill(tree, variable, path);
  }
  for (const [platform, tokens] of PLATFORMS) {
    const isInFile = valueAt(tree, ["platforms", platform]) !== undefined;
    const missing = tokens.map(([variable]) => variable).filter((variable) => !isSet(variable));
    if (isInFile ? isTree(valueAt(tree, ["platforms", platform])) : missing.length === 0) {
      for (const [variable, field] of tokens) {
        if (!isAccountsOwn(tree, platform, field, env[variable])) {
          tree = fill(tree, variable, ["platforms", platform, field]);
        }
      }
    } else if (!isInFile && missing.length < tokens.length) {
      warnings.push(`platforms.${platform}: stays off, because the environment does not set ${missing.join(", ")}.`);
    }
  }
  tree = withMainAgent(tree, isSet);
  const agents = valueAt(tree, ["agents"]);
  for (const [name, agent] of Object.entries(isTree(agents) ? agents : {})) {
    tree = fillAgent(tree, ["agents", name], agent, fill);
  }
  return { tree, origins, warnings };
}

/** Whether one of the platform's accounts has that token: then it is not the section's own as well. */
function isAccountsOwn(tree: Tree, platform: string, field: string, token: string | undefined): boolean {
  const accounts = valueAt(tree, ["platforms", platform, "accounts"]);
  return isTree(accounts) && Object.values(accounts).some((account) => isTree(account) && account[field] === token);
}

function withMainAgent(tree: Tree, isSet: (variable: string) => boolean): Tree {
  if (valueAt(tree, ["agents", "main"]) !== undefined) {
    return tree;
  }
  const isOpenai = isSet("OPENAI_API_KEY") || isSet("OPENAI_BASE_URL");
  const kind = isOpenai ? "openai" : isSet("ANTHROPIC_API_KEY") ? "anthropic" : "echo";
  return withValueAt(tree, ["agents", "main"], { kind });
}

function fillAgent(
  file: Tree,
  path: readonly string[],
  agent: unknown,
  fill: (tree: Tree, variable: string, path: readonly string[]) => Tree,
): Tree {
  const kind = isTree(agent) ? agent.kind : undefined;
  const hasOwnEndpoint = isTree(agent) && agent.baseUrl !== undefined;
  let tree = file;
  if (kind === "openai") {
    tree = fill(tree, "OPENAI_MODEL", [...path, "model"]);
    if (!hasOwnEndpoint) {
      tree = fill(tree, "OPENAI_BASE_URL", [...path, "baseUrl"]);
      tree = fill(tree, "OPENAI_API_KEY", [...path, "apiKey"]);
    }
  }
  if (kind === "anthropic" && !hasOwnEndpoint) {
    tree = fill(tree, "ANTHROPIC_API_KEY", [...path, "apiKey"]);
  }
  return tree;
}
