import { readFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem, type } from "node:os";
import Database from "better-sqlite3";

/** What the numbers were measured on, one line each; nothing that names the machine. */
export function machine(): readonly string[] {
  const db = new Database(":memory:");
  const sqlite = String(db.prepare("SELECT sqlite_version()").pluck().get());
  db.close();
  return [
    `CPU: ${cpus()[0]?.model.trim() ?? "unknown"}, ${availableParallelism()} cores; ${Math.round(totalmem() / 2 ** 30)} GiB of memory`,
    `Disk: ${diskOf()}`,
    `${type()}, Node ${process.versions.node}, SQLite ${sqlite} (better-sqlite3)`,
    `Date: ${new Date().toISOString().slice(0, 10)}`,
  ];
}

/** Kind and file system of the root disk, where Linux tells. */
function diskOf(): string {
  try {
    const root = readFileSync("/proc/self/mounts", "utf8")
      .split("\n")
      .map((line) => line.split(" "))
      .find(([, mountPoint]) => mountPoint === "/");
    const [device = "", , fileSystem = "unknown"] = root ?? [];
    const name = device.replace("/dev/", "").replace(/p?\d+$/, "");
    return `${kindOf(name)}, ${fileSystem}`;
  } catch {
    return "unknown"; // not Linux
  }
}

function kindOf(name: string): string {
  if (name.startsWith("vd") || name.startsWith("xvd")) return "virtual disk";
  const isRotating = readFileSync(`/sys/block/${name}/queue/rotational`, "utf8").trim() === "1";
  if (isRotating) return "rotating disk";
  return name.startsWith("nvme") ? "NVMe SSD" : "SSD";
}
