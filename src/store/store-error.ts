/** What went wrong with the database, by who can mend it. */
export type StoreFailure =
  | "full"
  | "locked"
  | "corrupt"
  | "newer"
  | "readonly"
  | "io"
  | "not_found"
  | "invalid"
  | "closed";

/** The store could not do what was asked; nothing was changed. The message says what an operator can do. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly kind: StoreFailure;

  constructor(kind: StoreFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

/** Names the failure behind an error of better-sqlite3 (its `code` is SQLite's own); other errors come back as they are. */
export function storeErrorOf(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return error;
  const code = error.code;
  const say = (kind: StoreFailure, message: string) => new StoreError(kind, message, error);
  if (code.startsWith("SQLITE_FULL"))
    return say(
      "full",
      `${path}: no room to write. Free some disk space; what is stored is intact, and writing goes on by itself.`,
    );
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED"))
    return say(
      "locked",
      `${path}: locked by another program for too long. Close whatever else has it open and try again.`,
    );
  if (code.startsWith("SQLITE_CORRUPT") || code.startsWith("SQLITE_NOTADB"))
    return say(
      "corrupt",
      `${path}: damaged or not a Parley database (${error.message}). Nothing was overwritten. Restore a backup (parley restore --force FILE), or move it away to start empty; the transcripts beside it are readable as they are.`,
    );
  if (code.startsWith("SQLITE_READONLY") || code.startsWith("SQLITE_PERM") || code.startsWith("SQLITE_AUTH"))
    return say("readonly", `${path}: may not be written by this user. Check who owns the data directory.`);
  if (code.startsWith("SQLITE_CANTOPEN"))
    return say(
      "io",
      `${path}: cannot be opened (${error.message}). Check that the folder exists and belongs to this user.`,
    );
  if (code.startsWith("SQLITE_IOERR")) return say("io", `${path}: the disk reported an error (${error.message}).`);
  return error;
}
