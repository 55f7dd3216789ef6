import { parseDeliveryTarget } from "../src/session/delivery-target.ts";
import type { Config } from "./config.ts";
import { type Problem, problemMessage } from "./problems.ts";
import type { Shown } from "./shown.ts";
import { listAt, type Path, pathText, type Tree, valueAt } from "./tree.ts";

/** Jobs of one name, and jobs that say nothing, or two things. */
export function jobProblems(tree: Tree, shown: Shown): readonly Problem[] {
  const names = listAt(tree, ["jobs"]).map((_, index) => valueAt(tree, ["jobs", index, "name"]));
  return names.flatMap((name, index) => {
    const says = ["prompt", "text"].filter((key) => valueAt(tree, ["jobs", index, key]) !== undefined);
    const expected = "either a prompt, for an agent, or a text, delivered as it is";
    const got = says.length === 0 ? "neither" : "both";
    const wrong: Path = ["jobs", index, says.length === 0 ? "prompt" : "text"];
    const advice = "Write one of them.";
    const saying = says.length === 1 ? [] : [{ path: pathText(wrong), message: problemMessage(expected, got, advice) }];
    const path: Path = ["jobs", index, "name"];
    const isRepeated = name !== undefined && names.indexOf(name) < index;
    const message = problemMessage("a name that no other job has", shown(path), "Rename one of the two.");
    return isRepeated ? [...saying, { path: pathText(path), message }] : saying;
  });
}

/** Places of jobs that no bot of this configuration reaches: their runs would deliver nothing there. */
export function jobWarnings({ jobs, platforms }: Pick<Config, "jobs" | "platforms">): readonly string[] {
  const bots = new Map(Object.entries(platforms).map(([name, known]) => [name, known.map(({ account }) => account)]));
  const isReached = (platform: string, account: string | null) => {
    const accounts = bots.get(platform) ?? [];
    return account === null ? accounts.length > 0 || READ_FROM_STORE.has(platform) : accounts.includes(account);
  };
  return jobs.flatMap(({ deliver }, index) =>
    deliver.flatMap((text, place) => {
      const target = parseDeliveryTarget(text, null);
      if ((target.kind !== "home" && target.kind !== "chat") || isReached(target.platform, target.account)) return [];
      const { platform, account } = target;
      const bot = account === null ? `no bot of ${platform}` : `no bot ${platform}@${account}`;
      return [
        `${pathText(["jobs", index, "deliver", place])}: ${bot} is configured; nothing would be delivered there.`,
      ];
    }),
  );
}

/** Whoever talks there reads the outbox itself. */
const READ_FROM_STORE: ReadonlySet<string> = new Set(["web", "local"]);
