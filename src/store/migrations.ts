import { sessionsSchema } from "./migrations/01-sessions.ts";
import { platformsSchema } from "./migrations/02-platforms.ts";
import { lifecycleSchema } from "./migrations/03-lifecycle.ts";
import { privatePostsSchema } from "./migrations/04-private-posts.ts";
import { jobsSchema } from "./migrations/05-jobs.ts";
import { hashedCodesSchema } from "./migrations/06-hashed-codes.ts";
import { indexBehindSchema } from "./migrations/07-index-behind.ts";

/** One step of the schema's history. Steps are numbered by their place, and never change once released: only new ones are added. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** The schema's history, oldest first; a database's `user_version` is how many of them it has. */
export const migrations: readonly Migration[] = [
  { name: "sessions, transcripts, inbox and outbox", sql: sessionsSchema },
  { name: "chat platforms: pairings, what was overheard, posts that grow, files and buttons", sql: platformsSchema },
  { name: "lifecycle: archives, extraction, jobs, memory, events and purging", sql: lifecycleSchema },
  { name: "posts that are for one person alone", sql: privatePostsSchema },
  { name: "scheduled work: jobs, their runs, people's time zones", sql: jobsSchema },
  { name: "pairing codes as hashes", sql: hashedCodesSchema },
  { name: "a full-text index that follows the rows", sql: indexBehindSchema },
];
