import type { LastNote } from "./death.ts";

/** Keeps count of what has been written and is not on disk yet, as a power failure would show. */
export interface UnsyncedFiles {
  /** A file was opened for writing; it had this size, or was not there (-1). */
  opened(path: string, sizeBytes: number): void;
  synced(path: string, sizeBytes: number): void;
  /** A file was renamed to a path that held this (null: nothing), and the folder is not synced. */
  renamed(from: string, to: string, before: Buffer | null): void;
  removed(path: string, before: Buffer): void;
  folderSynced(folder: string): void;
  note(): Pick<LastNote, "unsynced" | "earlier">;
}

/** Nothing is unsynced yet. */
export function unsyncedFiles(): UnsyncedFiles {
  const synced = new Map<string, number>();
  const earlier = new Map<string, Buffer>();
  return {
    opened(path, sizeBytes) {
      if (!synced.has(path)) synced.set(path, sizeBytes);
    },
    // A file's own sync takes its name along on the file systems that are used.
    synced: (path, sizeBytes) => void synced.set(path, sizeBytes),
    renamed(from, to, before) {
      const sizeBytes = synced.get(from) ?? -1;
      synced.delete(from);
      synced.set(to, sizeBytes);
      if (before !== null && !earlier.has(to)) earlier.set(to, before);
    },
    removed(path, before) {
      synced.delete(path);
      if (!earlier.has(path)) earlier.set(path, before);
    },
    folderSynced(folder) {
      for (const path of earlier.keys()) if (path.startsWith(`${folder}/`)) earlier.delete(path);
    },
    note: () => ({
      unsynced: [...synced].map(([path, syncedBytes]) => ({ path, syncedBytes })),
      earlier: [...earlier].map(([path, bytes]) => ({ path, base64: bytes.toString("base64") })),
    }),
  };
}
