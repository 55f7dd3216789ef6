import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** What was typed in a terminal, kept from one time to the next. */
export interface ChatHistory {
  /** Newest first, as readline takes it. */
  readonly lines: readonly string[];
  add(line: string): void;
}

/** Lines kept. */
export const MAX_LINES = 1_000;
/** What people write to an agent is nobody else's business. */
const MODE = 0o600;

/** Opens the history at `path`, which need not exist; throws when the disk refuses. */
export function openChatHistory(path: string): ChatHistory {
  const kept = existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
  const lines = kept.slice(-MAX_LINES);
  if (kept.length > lines.length) writeFileSync(path, lines.map((line) => `${line}\n`).join(""), { mode: MODE });
  if (kept.length > 0) chmodSync(path, MODE);
  let last = lines.at(-1);
  return {
    lines: lines.reverse(),
    add(line) {
      if (line === last) return;
      last = line;
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      appendFileSync(path, `${line}\n`, { mode: MODE });
    },
  };
}
