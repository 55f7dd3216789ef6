import Database from "better-sqlite3";

/** Where a conversation itself is kept, word for word: people find there what they wrote. */
const TRANSCRIPT = /^(?:messages$|messages_fts)/;
const MEMORY_INDEX = "memory_fts";

/** The secrets that a closed database holds outside of its transcripts, each with its table; every column of every table is looked at. */
export function secretsStored(path: string, secrets: readonly string[]): readonly string[] {
  const db = new Database(path, { readonly: true });
  try {
    const tables = db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .pluck()
      .all()
      .map(String)
      .filter((name) => !TRANSCRIPT.test(name));
    const found: string[] = [];
    for (const table of tables.filter((name) => name !== MEMORY_INDEX)) {
      // Parts of an index are bytes: what is in them is text as well.
      const text = db
        .prepare(`SELECT * FROM "${table}"`)
        .all()
        .map((row) =>
          Object.values(row as object)
            .map((cell) => (Buffer.isBuffer(cell) ? cell.toString("latin1") : String(cell)))
            .join("\n"),
        )
        .join("\n");
      for (const secret of secrets) if (text.includes(secret)) found.push(`${table}: ${secret}`);
    }
    // The index of memory has words that share their beginnings: it has to be asked.
    const asked = db.prepare(`SELECT rowid FROM ${MEMORY_INDEX} WHERE ${MEMORY_INDEX} MATCH ? LIMIT 1`);
    for (const secret of secrets) {
      const words = secret.match(/[\p{L}\p{N}]+/gu) ?? [];
      if (asked.get(`"${words.join(" ")}"`) !== undefined) found.push(`${MEMORY_INDEX}: ${secret}`);
    }
    return found;
  } finally {
    db.close();
  }
}
