import { open, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { AgentEvent } from "./backend.ts";
import type { ProgramEvent } from "./program-line.ts";

/** Largest file that goes out with an answer, in bytes: as much as comes in with a message. */
const MAX_FILE_BYTES = 20 * 1024 * 1024;

/** Reads a file a program has written, its path relative to `cwd`; what can't be sent is told to people as a failed step and to `report` with its reason. */
export async function loadProgramFile(
  file: ProgramEvent & { readonly kind: "file_at" },
  cwd: string,
  report: (line: string) => void,
): Promise<AgentEvent> {
  const path = resolve(cwd, file.path);
  try {
    // Asked before opening: opening a pipe would wait for a writer.
    const { size } = await stat(path).then((found) => {
      if (!found.isFile()) throw new Error("it is no file");
      return found;
    });
    if (size > MAX_FILE_BYTES) throw new Error(`it has ${size} bytes, at most ${MAX_FILE_BYTES} are sent`);
    await using handle = await open(path);
    const data = new Uint8Array(size);
    const { bytesRead } = await handle.read(data, 0, size, 0);
    return { kind: "file", name: file.name, mimeType: file.mimeType, data: data.subarray(0, bytesRead) };
  } catch (error) {
    report(`the file ${path} is not sent: ${error instanceof Error ? error.message : String(error)}`);
    return { kind: "tool", name: "file", phase: "failed", summary: `${file.name} could not be attached` };
  }
}
