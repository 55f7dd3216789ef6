import { type Problem, problemMessage } from "./problems.ts";
import type { Shown } from "./shown.ts";
import { listAt, type Path, pathText, type Tree, valueAt } from "./tree.ts";

/** What no single field of `memory` shows. */
export function memoryProblems(tree: Tree, shown: Shown): readonly Problem[] {
  return [...thresholdProblems(tree, shown), ...hookProblems(tree, shown)];
}

function thresholdProblems(tree: Tree, shown: Shown): readonly Problem[] {
  const [soft = 0.6, hard = 0.8] = ["soft", "hard"].map((key) => valueAt(tree, ["memory", key]));
  if (typeof soft !== "number" || typeof hard !== "number" || soft <= hard) return [];
  const path: Path = ["memory", valueAt(tree, ["memory", "soft"]) === undefined ? "hard" : "soft"];
  const message = problemMessage(
    "soft to be at most hard",
    shown(path),
    "What is learned is learned before it is archived.",
  );
  return [{ path: pathText(path), message }];
}

function hookProblems(tree: Tree, shown: Shown): readonly Problem[] {
  const names = listAt(tree, ["memory", "hooks"]).map((_, index) => valueAt(tree, ["memory", "hooks", index, "name"]));
  return names.flatMap((name, index) => {
    const at = (key: string): Path => ["memory", "hooks", index, key];
    const says = ["module", "url"].filter((key) => valueAt(tree, at(key)) !== undefined);
    const expected = "either a module or a url";
    const got = says.length === 0 ? "neither" : "both";
    const wrong =
      says.length === 1
        ? []
        : [{ path: pathText(at("url")), message: problemMessage(expected, got, "Write one of them.") }];
    if (name === undefined || names.indexOf(name) === index) return wrong;
    const message = problemMessage("a name that no other hook has", shown(at("name")), "Rename one of the two.");
    return [...wrong, { path: pathText(at("name")), message }];
  });
}
