/** Chat platforms: pairings, what was overheard, posts that grow, files and buttons. */
export const platformsSchema = `
CREATE TABLE pairings (
  platform TEXT NOT NULL,
  user_id TEXT NOT NULL,
  user_name TEXT,
  account TEXT NOT NULL,
  chat_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'approved')),
  code TEXT,
  requested_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER,
  decided_at_ms INTEGER,
  decided_by TEXT,
  PRIMARY KEY (platform, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE overheard (
  id INTEGER PRIMARY KEY,
  platform TEXT NOT NULL,
  account TEXT NOT NULL,
  chat_type TEXT NOT NULL,
  chat_id TEXT NOT NULL,
  thread_id TEXT,
  message_id TEXT NOT NULL,
  sender_name TEXT,
  text TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX overheard_once ON overheard (chat_id, message_id, platform, account);
CREATE INDEX overheard_untold ON overheard (platform, account, chat_id, thread_id, id) WHERE told = 0;

ALTER TABLE sessions ADD COLUMN answered_by TEXT;
ALTER TABLE sessions ADD COLUMN model TEXT;
ALTER TABLE sessions ADD COLUMN queue_mode TEXT;

-- Ids of messages grow with time on nearly every platform: led by them, an index is written at its end, whichever of a million sessions it is.
DROP INDEX messages_once;
CREATE UNIQUE INDEX messages_once ON messages (message_id, session) WHERE message_id IS NOT NULL;
DROP INDEX inbox_once;
CREATE UNIQUE INDEX inbox_once ON inbox (message_id, chat_id, platform, account);

ALTER TABLE outbox RENAME TO outbox_before;
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
  state TEXT NOT NULL CHECK (state IN ('pending', 'growing', 'sent', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at_ms INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL,
  sent_at_ms INTEGER,
  post_id TEXT,
  error TEXT,
  file TEXT,
  buttons TEXT,
  grows INTEGER NOT NULL DEFAULT 0 CHECK (grows IN (0, 1)),
  maybe_sent INTEGER NOT NULL DEFAULT 0 CHECK (maybe_sent IN (0, 1)),
  resends INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO outbox (id, inbox_id, session, platform, account, chat_id, thread_id, kind, text, reply_to, state, attempts,
  next_attempt_at_ms, created_at_ms, sent_at_ms, post_id, error)
SELECT id, inbox_id, session, platform, account, chat_id, thread_id, kind, text, reply_to, state, attempts,
  next_attempt_at_ms, created_at_ms, sent_at_ms, post_id, error FROM outbox_before;
DROP TABLE outbox_before;
CREATE INDEX outbox_pending ON outbox (platform, account, chat_id, thread_id, id) WHERE state = 'pending';
CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead';
`;
