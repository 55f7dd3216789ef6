import type { ColumnType, Generated } from "kysely";
import type { JobRunsTable, JobsTable, PeopleTable } from "./job-tables.ts";
import type { LifecycleTables } from "./lifecycle-tables.ts";

/** One incarnation of a conversation. Live while `ended_at_ms` is null; a key has at most one live row. */
export interface SessionsTable {
  id: Generated<number>;
  session_id: string;
  session_key: string;
  agent: string;
  platform: string;
  account: string;
  chat_type: string;
  chat_id: string;
  thread_id: string | null;
  participant: string | null;
  /** The newest source as JSON: what the key does not need (names, topic, workspace). */
  source: string;
  /** 1 while live, 0 after: leads the listing index. */
  live: number;
  title: string | null;
  created_at_ms: number;
  /** When a person last wrote; the row's place in listings. */
  last_active_ms: number;
  ended_at_ms: number | null;
  end_reason: string | null;
  /** Which timed reset ended it, until the person has been told; null when there is nothing to tell. */
  pending_notice: string | null;
  next_reset_at_ms: number | null;
  /** What the agent is told about the conversation before this one; null when there was none. */
  opening_note: string | null;
  /** The greatest `seq` of its messages, which are gapless from 1. */
  message_count: Generated<number>;
  /** 1 when its JSONL file must be compared with the rows before it is trusted. */
  mirror_stale: Generated<number>;
  input_tokens: Generated<number>;
  output_tokens: Generated<number>;
  cache_read_tokens: Generated<number>;
  cache_write_tokens: Generated<number>;
  cost_usd: Generated<number>;
  /** 0 once a turn was recorded whose price nobody knew: `cost_usd` is then a lower bound. */
  cost_known: Generated<number>;
  last_prompt_tokens: Generated<number>;
  /** The agent that answers instead of the routed one; null for that one. */
  answered_by: string | null;
  /** The model chosen by `/model`; null for the agent's own. */
  model: string | null;
  /** The queue mode chosen by `/queue`; null for the configured one. */
  queue_mode: string | null;
  /** When an ended session may be purged; null while live, and for one that is kept. */
  purge_after_ms: number | null;
}

/** One line of a transcript. */
export interface MessagesTable {
  id: Generated<number>;
  session: number;
  seq: number;
  role: string;
  content: string;
  at_ms: number;
  message_id: string | null;
  sender_id: string | null;
  sender_name: string | null;
  /** JSON object of what else came with the line (tool fields, imported fields); null when nothing did. */
  extra: string | null;
}

/** One thing that wants a turn. Unique by (platform, account, chat_id, message_id); the key stays for 7 days after the payload is gone. */
export interface InboxTable {
  id: Generated<number>;
  platform: string;
  account: string;
  chat_id: string;
  message_id: string;
  session_key: string;
  agent: string;
  /** The `InboundMessage` as JSON; null once done. */
  payload: string | null;
  state: "waiting" | "running" | "done" | "dead";
  attempts: Generated<number>;
  received_at_ms: number;
  /** 0 when an earlier message of the key was unfinished as this one came: it belongs to the same conversation. */
  may_reset: number;
  /** The session the turn belongs to, once it has begun. */
  session: number | null;
  /** The transcript line of the person's message, once it is stored. */
  user_seq: number | null;
  /** The first outbox row of the answer. */
  first_outbox_id: number | null;
  finished_at_ms: number | null;
  error: string | null;
}

/** One post that has to reach a platform. */
export interface OutboxTable {
  id: Generated<number>;
  inbox_id: number | null;
  session: number | null;
  platform: string;
  account: string;
  chat_id: string;
  thread_id: string | null;
  kind: "reply" | "notice" | "command" | "failure" | "message";
  text: string;
  reply_to: string | null;
  /** `growing`: posted, and still to be edited to its final text. */
  state: "pending" | "growing" | "sent" | "dead";
  attempts: Generated<number>;
  next_attempt_at_ms: number;
  created_at_ms: number;
  sent_at_ms: number | null;
  /** The platform's id of the post; a pending row that has one is an edit of that post. */
  post_id: string | null;
  error: string | null;
  /** The `Attachment` to post, as JSON; null for a text. */
  file: string | null;
  /** The `Button`s below it, as JSON; null for none. */
  buttons: string | null;
  /** The `PrivateTo` it is for, as JSON; null for everybody in the place. */
  private_to: string | null;
  /** 1 while its text is only the beginning of an answer under way. */
  grows: Generated<number>;
  /** 1 when an earlier attempt may have arrived. */
  maybe_sent: Generated<number>;
  /** How often it was sent again without knowing whether it had arrived. */
  resends: Generated<number>;
}

/** A person who asked to be let in, or was. */
export interface PairingsTable {
  platform: string;
  user_id: string;
  user_name: string | null;
  /** Where the person asked: told there of the decision. */
  account: string;
  chat_id: string;
  state: "pending" | "approved";
  /** What the code hashes to; null once decided. */
  code_hash: string | null;
  requested_at_ms: number;
  expires_at_ms: number | null;
  decided_at_ms: number | null;
  decided_by: string | null;
}

/** What was said near the bot without being meant for it: context for the next turn of that place. */
export interface OverheardTable {
  id: Generated<number>;
  platform: string;
  account: string;
  chat_type: string;
  chat_id: string;
  thread_id: string | null;
  message_id: string;
  sender_name: string | null;
  text: string;
  at_ms: number;
  /** 1 once an agent has read it. */
  told: Generated<number>;
}

/** Facts about the whole database: watermarks, the installation's salt, the rules last applied. */
export interface MetaTable {
  name: string;
  value: string;
}

/** Words a session was tagged with. */
export interface SessionTagsTable {
  session: number;
  tag: string;
}

/** A JSON object that programs keep with a session. */
export interface SessionDataTable {
  session: number;
  data: string;
}

/** The full-text index: made for SQLite alone, queried only in `search.ts`. */
interface MessagesFtsTable {
  rowid: ColumnType<number, number, never>;
  text: string;
  scope: string;
}

/** Every table, as kysely sees it. */
export interface Tables extends LifecycleTables {
  sessions: SessionsTable;
  messages: MessagesTable;
  inbox: InboxTable;
  outbox: OutboxTable;
  pairings: PairingsTable;
  overheard: OverheardTable;
  meta: MetaTable;
  session_tags: SessionTagsTable;
  session_data: SessionDataTable;
  jobs: JobsTable;
  job_runs: JobRunsTable;
  people: PeopleTable;
  messages_fts: MessagesFtsTable;
  messages_tail: MessagesFtsTable;
}
