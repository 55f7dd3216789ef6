import type { Config } from "../../config/config.ts";
import { systemClock } from "../clock/clock.ts";
import { type DaemonAnswer, type DaemonClient, daemonClient } from "./daemon-client.ts";
import { CommandFailure } from "./failure.ts";

/** The daemon that has the configured data directory now. */
export interface RunningDaemon {
  readonly pid: number;
  /** Null when it has no HTTP server, or has not opened it yet. */
  readonly url: string | null;
}

/** The daemon that has the data directory; null when none runs. */
export async function findDaemon(config: Config): Promise<RunningDaemon | null> {
  const { findInstance } = await import("../store/instance-lock.ts");
  return findInstance(config.dataDir);
}

/** A client for a daemon that runs; throws when that one has no HTTP server. */
export function clientOf(daemon: RunningDaemon, config: Config): DaemonClient {
  if (daemon.url !== null) return daemonClient(daemon.url, config.console.token, systemClock);
  throw new CommandFailure(
    `the running daemon (process ${daemon.pid}) cannot be reached: its HTTP server is off or still starting. Set console.enabled to true, or stop that daemon first.`,
  );
}

/** What an answer holds; throws, in words for whoever ran the command, when the daemon said no or nothing. */
export function bodyOf(answer: DaemonAnswer): unknown {
  switch (answer.kind) {
    case "ok":
      return answer.body;
    case "refused":
      throw new CommandFailure(
        answer.status === 401
          ? "the running daemon wants another token: expected the console.token it was started with (PARLEY_TOKEN)."
          : `the running daemon refused: ${answer.message}`,
      );
    case "unreached":
      throw new CommandFailure(`the running daemon did not answer: ${answer.why}. parley doctor says more.`);
  }
}
