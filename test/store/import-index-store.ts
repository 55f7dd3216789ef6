import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KeyOptions } from "../../src/session/key.ts";
import { defaultResetPolicy } from "../../src/session/reset-policy.ts";
import { exportIndex } from "../../src/store/export-index.ts";
import { walkMessages } from "../../src/store/messages.ts";
import { openStore, type SessionStore } from "../../src/store/store.ts";
import { type TranscriptMessage, transcriptLine } from "../../src/store/transcript-line.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { tempDir } from "../support/temp-dir.ts";

/** A store in a folder of its own, and a folder of transcripts to import beside it. */
export interface ImportTarget extends AsyncDisposable {
  readonly store: SessionStore;
  readonly transcripts: string;
  /** Writes `<id>.jsonl` among the transcripts to import. */
  writeTranscript(id: string, text: string | Buffer): void;
  /** All rows of a session. */
  messages(sessionId: string): readonly TranscriptMessage[];
  /** What the mirror has for a session; null when there is no file. */
  mirrored(sessionId: string): string | null;
  exported(): string;
}

/** Opens an empty store whose clock stands in April 2026. */
export async function importTarget(keys: Partial<KeyOptions> = {}): Promise<ImportTarget> {
  const folder = tempDir();
  const dataDir = join(folder.path, "data");
  const transcripts = join(folder.path, "incoming");
  mkdirSync(transcripts);
  const store = await openStore({
    mirrorDelayMs: 0,
    dataDir,
    clock: fakeClock(Date.parse("2026-04-08T09:00:00Z")),
    rules: {
      keys: { groupSessionsPerUser: true, threadSessionsPerUser: false, ...keys },
      resets: { default: defaultResetPolicy("UTC"), byChatType: {}, byPlatform: {} },
    },
  });
  return {
    store,
    transcripts,
    writeTranscript: (id, text) => writeFileSync(join(transcripts, `${id}.jsonl`), text),
    messages: (sessionId) => [...walkMessages(store.reader, store.session(sessionId)?.row ?? 0)],
    mirrored: (sessionId) => readIfThere(join(dataDir, "transcripts", `${sessionId}.jsonl`)),
    exported: () => [...exportIndex(store.reader)].join(""),
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

/** The JSONL text of messages. */
export function linesOf(messages: readonly TranscriptMessage[]): string {
  return messages.map(transcriptLine).join("");
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
