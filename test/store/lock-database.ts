// A process that keeps a database to itself until it is killed: without a write-ahead log, its lock keeps readers out too.
import Database from "better-sqlite3";

const db = new Database(process.argv[2]);
db.pragma("journal_mode = DELETE");
db.exec("BEGIN EXCLUSIVE");
process.stdout.write("locked\n");
process.stdin.resume().on("end", () => db.close()); // a connection that nothing refers to is collected, and its lock with it
