import { DEFAULT_ACCOUNT } from "./bots.ts";
import { type PlatformName, TOKEN_FIELDS } from "./platforms.ts";
import { isTree, type Tree, valueAt } from "./tree.ts";

/** One bot as it was written, not yet judged. */
export interface BotTree {
  readonly account: string;
  /** Whether it is the section's own one, and no account. */
  readonly isSections: boolean;
  /** Where it is written. */
  readonly path: readonly string[];
  /** What it says, and what it inherits from its platform's section. */
  readonly fields: Tree;
}

/** The bots of a platform: the section's own one first, then its accounts; none where the platform is off. */
export function botTrees(tree: Tree, platform: PlatformName): readonly BotTree[] {
  const path = ["platforms", platform];
  const section = valueAt(tree, path);
  if (!isTree(section)) return [];
  const { [TOKEN_FIELDS[platform]]: token, accounts, ...inherited } = section;
  const named = Object.entries(isTree(accounts) ? accounts : {}).flatMap(([account, own]): readonly BotTree[] =>
    isTree(own)
      ? [{ account, isSections: false, path: [...path, "accounts", account], fields: { ...inherited, ...own } }]
      : [],
  );
  const isOwnBot = token !== undefined || !isTree(accounts) || Object.keys(accounts).length === 0;
  const own: BotTree = { account: DEFAULT_ACCOUNT, isSections: true, path, fields: section };
  return isOwnBot ? [own, ...named] : named;
}
