/** Sessions, transcripts with their full-text index, inbox and outbox. */
export const sessionsSchema = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  id INTEGER PRIMARY KEY,
  session_id TEXT NOT NULL UNIQUE,
  session_key TEXT NOT NULL,
  agent TEXT NOT NULL,
  platform TEXT NOT NULL,
  account TEXT NOT NULL,
  chat_type TEXT NOT NULL,
  chat_id TEXT NOT NULL,
  thread_id TEXT,
  participant TEXT,
  source TEXT NOT NULL,
  live INTEGER NOT NULL CHECK (live IN (0, 1)),
  title TEXT,
  created_at_ms INTEGER NOT NULL,
  last_active_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  end_reason TEXT,
  pending_notice TEXT,
  next_reset_at_ms INTEGER,
  opening_note TEXT,
  message_count INTEGER NOT NULL DEFAULT 0,
  mirror_stale INTEGER NOT NULL DEFAULT 0,
  input_tokens INTEGER NOT NULL DEFAULT 0,
  output_tokens INTEGER NOT NULL DEFAULT 0,
  cache_read_tokens INTEGER NOT NULL DEFAULT 0,
  cache_write_tokens INTEGER NOT NULL DEFAULT 0,
  cost_usd REAL NOT NULL DEFAULT 0,
  cost_known INTEGER NOT NULL DEFAULT 1,
  last_prompt_tokens INTEGER NOT NULL DEFAULT 0,
  CHECK ((live = 1) = (ended_at_ms IS NULL)),
  CHECK ((ended_at_ms IS NULL) = (end_reason IS NULL))
) STRICT;
CREATE UNIQUE INDEX sessions_live ON sessions (session_key) WHERE live = 1;
CREATE INDEX sessions_of_key ON sessions (session_key, id);
CREATE INDEX sessions_listing ON sessions (live, platform, last_active_ms, id);
CREATE INDEX sessions_of_chat ON sessions (chat_id, id);
CREATE INDEX sessions_of_participant ON sessions (participant, id) WHERE participant IS NOT NULL;
CREATE INDEX sessions_due ON sessions (next_reset_at_ms, id) WHERE next_reset_at_ms IS NOT NULL;
CREATE INDEX sessions_to_tell ON sessions (session_key) WHERE pending_notice IS NOT NULL;
CREATE INDEX sessions_stale ON sessions (id) WHERE mirror_stale = 1;
CREATE INDEX sessions_titled ON sessions (title) WHERE title IS NOT NULL;
CREATE INDEX sessions_deleted ON sessions (platform) WHERE end_reason = 'delete';

CREATE TABLE session_tags (
  session INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  tag TEXT NOT NULL,
  PRIMARY KEY (session, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_tags_by_tag ON session_tags (tag, session);

CREATE TABLE session_data (
  session INTEGER PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
  data TEXT NOT NULL
) STRICT;

CREATE TABLE messages (
  id INTEGER PRIMARY KEY,
  session INTEGER NOT NULL REFERENCES sessions (id),
  seq INTEGER NOT NULL,
  role TEXT NOT NULL,
  content TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  message_id TEXT,
  sender_id TEXT,
  sender_name TEXT,
  extra TEXT
) STRICT;
CREATE UNIQUE INDEX messages_seq ON messages (session, seq);
CREATE UNIQUE INDEX messages_once ON messages (session, message_id) WHERE message_id IS NOT NULL;

CREATE VIRTUAL TABLE messages_fts USING fts5 (
  text, scope, content = '', contentless_delete = 1, detail = full, tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO messages_fts (messages_fts, rank) VALUES ('automerge', 0);

CREATE TABLE inbox (
  id INTEGER PRIMARY KEY,
  platform TEXT NOT NULL,
  account TEXT NOT NULL,
  chat_id TEXT NOT NULL,
  message_id TEXT NOT NULL,
  session_key TEXT NOT NULL,
  agent TEXT NOT NULL,
  payload TEXT,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  received_at_ms INTEGER NOT NULL,
  may_reset INTEGER NOT NULL,
  session INTEGER,
  user_seq INTEGER,
  first_outbox_id INTEGER,
  finished_at_ms INTEGER,
  error TEXT
) STRICT;
CREATE UNIQUE INDEX inbox_once ON inbox (chat_id, message_id, platform, account);
CREATE INDEX inbox_open ON inbox (session_key, id) WHERE state IN ('waiting', 'running');
CREATE INDEX inbox_dead ON inbox (id) WHERE state = 'dead';

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  inbox_id INTEGER,
  session INTEGER,
  platform TEXT NOT NULL,
  account TEXT NOT NULL,
  chat_id TEXT NOT NULL,
  thread_id TEXT,
  kind TEXT NOT NULL CHECK (kind IN ('reply', 'notice', 'command', 'failure', 'message')),
  text TEXT NOT NULL,
  reply_to TEXT,
  state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at_ms INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL,
  sent_at_ms INTEGER,
  post_id TEXT,
  error TEXT
) STRICT;
CREATE INDEX outbox_pending ON outbox (platform, account, chat_id, thread_id, id) WHERE state = 'pending';
CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead';
`;
