import type { Config } from "../../config/config.ts";
import type { JobDesk } from "../schedule/job-desk.ts";
import type { SessionStore } from "../store/store.ts";
import type { CliCall } from "./cli-command.ts";
import { openCommandLog } from "./configuration.ts";
import { withOwnStore } from "./own-store.ts";
import { bodyOf, clientOf, findDaemon } from "./running-daemon.ts";
import { targetWorldOf } from "./target-world.ts";

/** What a command does to jobs: asked of the daemon, or done under the lock when none runs. */
export interface JobChange<T> {
  readonly method: "POST" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly there: (answer: unknown) => T;
  readonly here: (store: SessionStore, desk: JobDesk) => Promise<T>;
}

/** Has the running daemon change jobs, or does it when none runs; `isRunning` tells which. */
export async function changeJobs<T>(
  call: CliCall,
  config: Config,
  change: JobChange<T>,
): Promise<{ readonly isRunning: boolean; readonly result: T }> {
  const daemon = await findDaemon(config);
  if (daemon !== null) {
    const { method, path } = change;
    const body = method === "POST" ? { body: change.body ?? {} } : {};
    const answer = bodyOf(await clientOf(daemon, config).request(method, path, body));
    return { isRunning: true, result: change.there(answer) };
  }
  const { routeFor } = await import("../gateway/route.ts");
  const { homeOf, homeOfBot } = await import("../home-channels.ts");
  const log = await openCommandLog(call, config, "stderr");
  const result = await withOwnStore(config, log, (store) => {
    const { platforms } = config;
    const world = targetWorldOf(config, (platform, account) =>
      account === null
        ? homeOf(platforms, store.reader, platform)
        : homeOfBot(platforms, store.reader, platform, account),
    );
    const has = (name: string) => Object.hasOwn(config.agents, name);
    return change.here(store, offlineDesk(config, world, routeFor(config.routes, { has })));
  });
  return { isRunning: false, result };
}

/** What jobs are made with while no daemon runs: it finds them at its next start. */
function offlineDesk(config: Config, world: JobDesk["world"], routeOf: JobDesk["claims"]["routeOf"]): JobDesk {
  return {
    world,
    // An operator wants it: whether its maker may speak is judged again by what it delivers.
    claims: { keys: config.sessions, routeOf, refusal: () => null },
    hasAgent: (name) => Object.hasOwn(config.agents, name),
    timeZone: config.sessions.timeZone,
    // No bot is connected that could ask.
    refusedPlaces: async () => new Map(),
    checkLater() {},
    takeWaiting() {},
    changed() {},
  };
}
