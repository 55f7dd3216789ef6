import { chainCases } from "./vectors/chain-cases.ts";
import { vectors } from "./vectors/chain-vectors.ts";
import { testVectors } from "./vectors/vector-case.ts";

const files =
  "there are rows, no folders: a purge goes by the date of the end, and a database that can't be read is an error";
const code = "of a tool that remembers code, which is not remembered here";

/** What has no counterpart here, and why. */
const absent: Readonly<Record<string, string>> = {
  constants:
    "there is no genesis, and whether a session goes on is for the reset policy; 12 digits of an address are shown as there",
  address_notes: "words",
  content_hash: code,
  anchor: code,
  session_layout: files,
  load_or_create_writes_state_file: files,
  session_id_pattern_ok: "sessions have ids of their own; legacy-session-id.test.ts reads theirs",
  corrupt_project_chains: files,
  archive_missing: files,
  archive: files,
  archive_agent: files,
  archive_twice_same_second: files,
  gc_zero: files,
  gc_left_after_zero: files,
  reuse_window: "whether a session goes on is for the reset policy",
  summary_before: "the same as chain_before",
  node_chains_meta_in_session: "a member knows its chain by its scope",
  promote_unknown: "a chain is its session's: there is none without one",
  get_empty_prefix_ambiguous: "an address is asked for by 12 digits at least",
  compress: "a model merges nothing; what is alike is left out when it is recalled",
  reroot: "there is no root",
  ingest_conversation: "lines are the log; only claims become nodes",
  similar: "the same words are one memory; what is alike is left out when it is recalled",
  score_chain: "single memories are ranked: recall-rank.test.ts",
};

testVectors("chains", vectors, chainCases, absent);
