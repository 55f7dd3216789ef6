import type { Config } from "../../config/config.ts";
import type { Log } from "../observe/log.ts";
import type { Connection } from "../store/sqlite.ts";
import type { SessionStore } from "../store/store.ts";
import type { HealReport } from "../store/transcript-heal.ts";

/** A session's transcript that was put right. */
export interface Healed {
  readonly sessionId: string;
  readonly report: Extract<HealReport, { kind: "healed" }>;
}

/** Does something with the store while no daemon can; throws an `InstanceLockedError` when one has the data directory. */
export async function withOwnStore<T>(
  config: Config,
  log: Log,
  act: (store: SessionStore, healed: readonly Healed[]) => Promise<T>,
): Promise<T> {
  const { lockDataDir } = await import("../store/instance-lock.ts");
  const { openStore } = await import("../store/store.ts");
  const healed: Healed[] = [];
  using _lock = lockDataDir(config.dataDir);
  await using store = await openStore({
    dataDir: config.dataDir,
    rules: { keys: config.sessions, resets: config.reset },
    events: {
      committed: () => {},
      mirrorFailed: (sessionId, error) => log.error({ sessionId, error }, "a transcript file could not be written"),
      mirrorHealed: (sessionId, report) => void healed.push({ sessionId, report }),
    },
  });
  return await act(store, healed);
}

/** Reads the database, whether a daemon runs or not; throws a `StoreError` when there is none, or none that can be read. */
export async function withReader<T>(config: Config, act: (reader: Connection) => T | Promise<T>): Promise<T> {
  const { openConnection } = await import("../store/sqlite.ts");
  const { join } = await import("node:path");
  const reader = openConnection(join(config.dataDir, "parley.db"), "read");
  try {
    return await act(reader);
  } finally {
    reader.close();
  }
}
