import { type Problem, problemMessage } from "./problems.ts";
import type { Shown } from "./shown.ts";
import { isTree, listAt, pathText, type Tree, valueAt } from "./tree.ts";

/** Entries of `allow` and `admins` that could never match anybody. */
export function accessProblems(tree: Tree, shown: Shown): readonly Problem[] {
  const problems: Problem[] = [];
  for (const section of accessSections(tree)) {
    const only = section[0] === "platforms" ? section[1] : undefined;
    for (const list of ["allow", "admins"]) {
      listAt(tree, [...section, list]).forEach((entry, index) => {
        const path = [...section, list, index];
        const [platform, id] = typeof entry === "string" ? entry.split(/:(.*)/s) : [];
        if (platform !== undefined && id && only !== undefined && platform !== only) {
          const message = problemMessage(
            `an entry that begins with "${only}:"`,
            shown(path),
            "Others belong under access.",
          );
          problems.push({ path: pathText(path), message });
        } else if (platform === "telegram" && id && !/^(\*|-?\d+)$/.test(id)) {
          const advice = "Names can change hands; the person sees the id with /whoami.";
          problems.push({
            path: pathText(path),
            message: problemMessage("a numeric Telegram id", shown(path), advice),
          });
        }
      });
    }
  }
  return problems;
}

function accessSections(tree: Tree): readonly (readonly string[])[] {
  const platforms = valueAt(tree, ["platforms"]);
  const names = isTree(platforms) ? Object.keys(platforms) : [];
  return [["access"], ...names.map((name) => ["platforms", name, "access"])];
}

/** Allow-lists that let nobody in: allowed, and rarely meant. */
export function accessWarnings(tree: Tree): readonly string[] {
  const warnings: string[] = [];
  for (const section of accessSections(tree)) {
    const inForce = (key: string) => valueAt(tree, [...section, key]) ?? valueAt(tree, ["access", key]);
    const allow = inForce("allow");
    const isEmpty = allow === undefined || (Array.isArray(allow) && allow.length === 0);
    if (inForce("mode") === "allowlist" && isEmpty && valueAt(tree, [...section, "mode"]) !== undefined) {
      warnings.push(`${pathText([...section, "allow"])}: is empty, so that nobody but the admins gets an answer.`);
    }
  }
  return warnings;
}
