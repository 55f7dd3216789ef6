// Loaded before the program (`node --import`), in tests alone: counts what it writes to the disk, and kills it at the point it was told to.
import fs, { type PathLike } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { type DeathPlan, type DeathPoint, type LastNote, PLAN_VARIABLE } from "./death.ts";
import { unsyncedFiles } from "./unsynced-files.ts";

const plan: DeathPlan = JSON.parse(process.env[PLAN_VARIABLE] ?? "null") ?? { point: "none", nth: 0, notePath: "" };
const files = unsyncedFiles();
const original = { ...fs };
const paths = new Map<number, string>();
let count = 0;

/** Whether it is now that the process is to die. */
function isTime(point: DeathPoint): boolean {
  if (point !== plan.point) return false;
  count += 1;
  return count === plan.nth;
}

function die(): never {
  const note: LastNote = { point: plan.point, ...files.note() };
  const fd = original.openSync(plan.notePath, "w");
  original.writeSync(fd, JSON.stringify(note));
  original.fsyncSync(fd);
  process.kill(process.pid, "SIGKILL");
  for (;;); // the signal is on its way
}

function dieIf(point: DeathPoint): void {
  if (isTime(point)) die();
}

const isTranscript = (path: string) => path.includes("/transcripts/") && path.startsWith("/");
const bytesOf = (path: string) => (original.existsSync(path) ? original.readFileSync(path) : null);
const sizeOf = (path: string) => original.statSync(path, { throwIfNoEntry: false })?.size ?? -1;

Object.assign(fs, {
  openSync(path: PathLike, ...rest: [flags: fs.OpenMode, mode?: fs.Mode]) {
    const name = String(path);
    const sizeBytes = isTranscript(name) ? sizeOf(name) : 0;
    const fd = original.openSync(path, ...rest);
    paths.set(fd, name);
    if (isTranscript(name)) files.opened(name, sizeBytes);
    return fd;
  },
  closeSync(fd: number) {
    paths.delete(fd);
    original.closeSync(fd);
  },
  writeSync(fd: number, bytes: Buffer, offset = 0, ...rest: [length?: number, position?: number]) {
    const path = paths.get(fd) ?? "";
    if (!isTranscript(path)) return original.writeSync(fd, bytes, offset, ...rest);
    dieIf("before_append");
    if (isTime("torn_append")) {
      original.writeSync(fd, bytes, offset, Math.floor((bytes.length - offset) / 2));
      die();
    }
    const written = original.writeSync(fd, bytes, offset, ...rest);
    dieIf("after_append");
    return written;
  },
  writeFileSync(file: number | string, data: string, options?: fs.WriteFileOptions) {
    if (typeof file === "number" && isTranscript(paths.get(file) ?? "") && isTime("torn_rewrite")) {
      original.writeFileSync(file, data.slice(0, Math.floor(data.length / 2)));
      die();
    }
    original.writeFileSync(file, data, options);
  },
  fsyncSync(fd: number) {
    original.fsyncSync(fd);
    const path = paths.get(fd) ?? "";
    if (isTranscript(path)) files.synced(path, sizeOf(path));
    else files.folderSynced(path);
  },
  renameSync(from: PathLike, to: PathLike) {
    if (!isTranscript(String(to))) return original.renameSync(from, to);
    dieIf("before_rename");
    const before = bytesOf(String(to));
    original.renameSync(from, to);
    files.renamed(String(from), String(to), before);
    dieIf("after_rename");
  },
  rmSync(path: PathLike, options?: fs.RmOptions) {
    const name = String(path);
    const before = isTranscript(name) && name.endsWith(".jsonl") ? bytesOf(name) : null;
    if (before === null) return original.rmSync(path, options);
    dieIf("before_removal");
    original.rmSync(path, options);
    files.removed(name, before);
    dieIf("after_removal");
  },
});

// A file synced without blocking, by another descriptor than the one that writes.
const handlePaths = new WeakMap<object, string>();
const open = fs.promises.open;
const probe = await open(process.execPath, "r");
const handle: { datasync(): Promise<void>; sync(): Promise<void> } = Object.getPrototypeOf(probe);
const syncHandle = handle.sync;
await probe.close();
const synced = async function synced(this: object) {
  const path = handlePaths.get(this) ?? "";
  const sizeBytes = sizeOf(path);
  await syncHandle.call(this as typeof handle);
  if (isTranscript(path)) files.synced(path, sizeBytes);
  else files.folderSynced(path);
};
Object.assign(handle, { sync: synced, datasync: synced });
Object.assign(fs.promises, {
  async open(path: PathLike, ...rest: [flags?: string | number, mode?: fs.Mode]) {
    const opened = await open(path, ...rest);
    handlePaths.set(opened, String(path));
    return opened;
  },
});
syncBuiltinESMExports();

const blank = new Database(":memory:");
const statements: { run(...params: unknown[]): Database.RunResult } = Object.getPrototypeOf(blank.prepare("SELECT 1"));
blank.close();
const run = statements.run;
statements.run = function runOrDie(this: Database.Statement, ...params) {
  if (this.source === "COMMIT") {
    dieIf("before_commit");
    // What a commit without changes would tear is an earlier transaction, which is on disk.
    const isTorn = hasChanged(this.database) && isTime("torn_commit");
    const writtenMs = isTorn ? changedAt(this.database.name) : 0;
    const result = run.apply(this, params);
    // Where this commit made SQLite write the log back into the database, the log was synced before.
    if (isTorn && changedAt(this.database.name) === writtenMs) die();
    dieIf("after_commit");
    return result;
  }
  if (!/^(BEGIN|ROLLBACK)/.test(this.source) && this.database.inTransaction) dieIf("statement");
  return run.apply(this, params);
};

const exec = Database.prototype.exec;
Database.prototype.exec = function execOrDie(this: Database.Database, sql) {
  dieIf("schema");
  return exec.call(this, sql);
};

const changesAt = new WeakMap<Database.Database, number>();

/** Whether rows have changed since this was asked last. */
function hasChanged(db: Database.Database): boolean {
  const [changes] = db.prepare<[], number>("SELECT total_changes()").pluck().all();
  const before = changesAt.get(db);
  changesAt.set(db, changes ?? 0);
  return changes !== before;
}

function changedAt(path: string): number {
  return original.existsSync(dirname(path)) ? (original.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) : 0;
}
