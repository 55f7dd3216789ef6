import type { Bucket } from "./claims.ts";

/** Words of taste and of standing wishes; `default` is none: a branch has one. */
const preference =
  /\b(?:preferences?|prefers?|preferred|likes?|dislikes?|loves?|hates?|wants?|expects?|wishes|favou?rites?|rather not)\b/i;
/** What is being built, and with what. */
const project =
  /\b(?:projects?|repos?|repository|repositories|codebase|working on|uses|builds|deploys|runs on|written in)\b/i;
/** What happened in a conversation. */
const recap = /\b(?:talked|discussed|chatted|conversation|this session|the session|summary|so far|we went)\b/i;

/** The bucket of a line nobody sorted: preferences first, then projects; what happened stays with its session, the rest is a fact. */
export function bucketOf(line: string): Bucket {
  if (preference.test(line)) return "preference";
  if (project.test(line)) return "project_fact";
  return recap.test(line) ? "session_summary" : "project_fact";
}

/** The bucket of what somebody wants remembered in so many words: it is kept, whatever it sounds like. */
export function toldBucketOf(line: string): Bucket {
  const bucket = bucketOf(line);
  return bucket === "session_summary" ? "project_fact" : bucket;
}
