/** Sizes of SQLite's write-ahead log, https://sqlite.org/fileformat2.html#the_write_ahead_log */
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

/** Where the last transaction of a write-ahead log begins and ends, in bytes; null when it has none. */
export function lastTransaction(log: Buffer): { readonly start: number; readonly end: number } | null {
  if (log.length < HEADER_BYTES) return null;
  const pageBytes = log.readUInt32BE(8);
  const frameBytes = FRAME_HEADER_BYTES + pageBytes;
  const salt = log.subarray(16, 24);
  let start = HEADER_BYTES;
  let found: { start: number; end: number } | null = null;
  for (let at = HEADER_BYTES; at + frameBytes <= log.length; at += frameBytes) {
    // Frames with another salt are left from before the log began anew.
    if (!log.subarray(at + 8, at + 16).equals(salt)) break;
    const isCommit = log.readUInt32BE(at + 4) > 0;
    if (!isCommit) continue;
    found = { start, end: at + frameBytes };
    start = at + frameBytes;
  }
  return found;
}
