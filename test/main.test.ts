import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadConfig } from "../config/load.ts";
import { startDaemon } from "../src/main.ts";
import { silentLog } from "../src/observe/log.ts";
import { tempDir } from "./support/temp-dir.ts";

test("what is configured and has no effect yet is said at the start", async () => {
  using folder = tempDir();
  writeFileSync(join(folder.path, "parley.yaml"), 'jobs: [{ name: a, schedule: "0 9 * * *", prompt: p }]');
  const { config } = loadConfig({ env: { PARLEY_DATA_DIR: folder.path }, cwd: folder.path });
  const warnings: unknown[] = [];
  const log = { ...silentLog, warn: (fields: object) => void warnings.push(fields) };
  const daemon = await startDaemon({ config, log, consoleEnabled: false });
  await daemon.stop("test");
  assert.deepEqual(warnings, [{ jobs: 1 }]);
});
