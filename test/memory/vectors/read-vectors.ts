import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One file of example data as a whole. */
export function readMemoryVectors<Data>(name: "hygiene" | "chains" | "commits"): Data {
  const data: Data = JSON.parse(
    readFileSync(join(import.meta.dirname, "../../fixtures/vectors", `${name}.json`), "utf8"),
  );
  return data;
}

/** One case of them: what went in and what came out. */
export interface Vector<In, Out> {
  readonly name: string;
  readonly in: In;
  readonly out: Out;
}
