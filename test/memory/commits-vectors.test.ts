import { archiveCases } from "./vectors/archive-cases.ts";
import { commitCases } from "./vectors/commit-cases.ts";
import { vectors } from "./vectors/commit-vectors.ts";
import { tokenCases } from "./vectors/token-cases.ts";
import { testVectors } from "./vectors/vector-case.ts";

/** What has no counterpart here, and why. */
const absent: Readonly<Record<string, string>> = {
  required_but_no_getter: "there is one store, and no daemon without it",
  remove_by_id: "lines are taken back from the end on, or archived; nothing else leaves the log",
  evict: "the log is on disk: nothing is evicted from memory",
  nothing_sets_last_accessed_at: "activity is the session's own, moved by what people write",
};

testVectors("commits", vectors, [...commitCases, ...tokenCases, ...archiveCases], absent);
