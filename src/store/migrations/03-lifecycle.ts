/** Lifecycle: archives, what was extracted, the state of windows, jobs, memory, events with their deliveries, and dates of purging. */
export const lifecycleSchema = `
ALTER TABLE sessions ADD COLUMN purge_after_ms INTEGER;
CREATE INDEX sessions_purge ON sessions (purge_after_ms, id) WHERE purge_after_ms IS NOT NULL;
CREATE INDEX sessions_undated ON sessions (id) WHERE live = 0 AND purge_after_ms IS NULL;

CREATE TABLE archives (
  id INTEGER PRIMARY KEY,
  session INTEGER NOT NULL REFERENCES sessions (id),
  archive_id TEXT NOT NULL UNIQUE,
  from_seq INTEGER NOT NULL CHECK (from_seq >= 1),
  to_seq INTEGER NOT NULL CHECK (to_seq >= from_seq),
  merges INTEGER NOT NULL DEFAULT 0,
  merged_into INTEGER REFERENCES archives (id),
  overview TEXT NOT NULL,
  abstract TEXT NOT NULL,
  details TEXT NOT NULL,
  redo_at_ms INTEGER,
  created_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX archives_of_session ON archives (session, to_seq);
CREATE INDEX archives_live ON archives (session, to_seq) WHERE merged_into IS NULL;
CREATE INDEX archives_merged ON archives (merged_into, to_seq) WHERE merged_into IS NOT NULL;
CREATE INDEX archives_redo ON archives (redo_at_ms) WHERE redo_at_ms IS NOT NULL;

-- An archive follows on the one before without a gap, and ends with a line that exists.
CREATE TRIGGER archives_contiguous BEFORE INSERT ON archives
WHEN NEW.merges = 0 AND (
  NEW.from_seq <> 1 + COALESCE((SELECT MAX(to_seq) FROM archives WHERE session = NEW.session), 0)
  OR NEW.to_seq > (SELECT message_count FROM sessions WHERE id = NEW.session)
)
BEGIN SELECT RAISE(ABORT, 'archives: a range that does not follow on the one before'); END;
-- One that stands for others covers exactly theirs, and is never the latest.
CREATE TRIGGER archives_merge BEFORE INSERT ON archives
WHEN NEW.merges > 0 AND (
  NEW.to_seq >= (SELECT MAX(to_seq) FROM archives WHERE session = NEW.session)
  OR NOT EXISTS (SELECT 1 FROM archives WHERE session = NEW.session AND merged_into IS NULL AND to_seq = NEW.to_seq)
  OR NEW.from_seq <> (
    SELECT MIN(from_seq) FROM archives WHERE session = NEW.session AND merged_into IS NULL AND to_seq <= NEW.to_seq
  )
  OR NEW.merges <> (
    SELECT COUNT(*) FROM archives WHERE session = NEW.session AND merged_into IS NULL AND to_seq <= NEW.to_seq
  )
)
BEGIN SELECT RAISE(ABORT, 'archives: a merge that is not of the oldest'); END;
CREATE TRIGGER archives_final BEFORE UPDATE OF id, session, archive_id, from_seq, to_seq, merges ON archives
BEGIN SELECT RAISE(ABORT, 'archives: a range is final'); END;
CREATE TRIGGER archives_merged_once BEFORE UPDATE OF merged_into ON archives
WHEN OLD.merged_into IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'archives: merged already'); END;
CREATE TRIGGER archives_kept BEFORE DELETE ON archives
WHEN (SELECT end_reason FROM sessions WHERE id = OLD.session) IS NOT 'delete'
BEGIN SELECT RAISE(ABORT, 'archives: kept as long as their session'); END;
-- What is archived is final: only with the whole session, whose archives go first, are its lines removed.
CREATE TRIGGER messages_archived_stay BEFORE DELETE ON messages
WHEN OLD.seq <= (SELECT MAX(to_seq) FROM archives WHERE session = OLD.session)
BEGIN SELECT RAISE(ABORT, 'messages: archived history is final'); END;
CREATE TRIGGER messages_archived_same BEFORE UPDATE ON messages
WHEN OLD.seq <= (SELECT MAX(to_seq) FROM archives WHERE session = OLD.session)
BEGIN SELECT RAISE(ABORT, 'messages: archived history is final'); END;

CREATE TABLE extractions (
  session INTEGER NOT NULL REFERENCES sessions (id),
  from_seq INTEGER NOT NULL,
  to_seq INTEGER NOT NULL CHECK (to_seq >= from_seq),
  PRIMARY KEY (session, from_seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE windows (
  session INTEGER PRIMARY KEY REFERENCES sessions (id),
  version INTEGER NOT NULL DEFAULT 0,
  commit_count INTEGER NOT NULL DEFAULT 0,
  cycle INTEGER NOT NULL DEFAULT 0,
  soft_cycle INTEGER,
  compacted_at_ms INTEGER,
  calibration REAL,
  token TEXT,
  token_expires_at_ms INTEGER,
  state TEXT NOT NULL
) STRICT;
CREATE INDEX windows_tokens ON windows (token_expires_at_ms) WHERE token_expires_at_ms IS NOT NULL;

CREATE TABLE lifecycle_jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  session INTEGER NOT NULL REFERENCES sessions (id),
  kind TEXT NOT NULL CHECK (kind IN ('commit', 'extract')),
  state TEXT NOT NULL CHECK (state IN ('running', 'waiting', 'done', 'failed', 'cancelled')),
  archive_id TEXT,
  from_seq INTEGER NOT NULL,
  to_seq INTEGER NOT NULL,
  reason TEXT NOT NULL,
  instructions TEXT,
  strategy TEXT NOT NULL CHECK (strategy IN ('summarize', 'truncate', 'hybrid')),
  attempts INTEGER NOT NULL DEFAULT 0,
  owner TEXT,
  lease_until_ms INTEGER,
  next_attempt_at_ms INTEGER,
  created_at_ms INTEGER NOT NULL,
  finished_at_ms INTEGER,
  result TEXT,
  error TEXT
) STRICT;
CREATE UNIQUE INDEX lifecycle_jobs_one ON lifecycle_jobs (session, kind) WHERE state IN ('running', 'waiting');
CREATE INDEX lifecycle_jobs_leases ON lifecycle_jobs (lease_until_ms) WHERE state = 'running';
CREATE INDEX lifecycle_jobs_due ON lifecycle_jobs (next_attempt_at_ms) WHERE state = 'waiting';
CREATE INDEX lifecycle_jobs_over ON lifecycle_jobs (finished_at_ms) WHERE finished_at_ms IS NOT NULL;
CREATE INDEX lifecycle_jobs_of_session ON lifecycle_jobs (session, id);

CREATE TABLE memory_nodes (
  addr TEXT PRIMARY KEY CHECK (length(addr) = 64),
  type TEXT NOT NULL,
  content TEXT NOT NULL,
  inputs TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;
CREATE TRIGGER memory_nodes_immutable BEFORE UPDATE ON memory_nodes
BEGIN SELECT RAISE(ABORT, 'memory_nodes: never changed'); END;

CREATE TABLE memory_placements (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  scope TEXT NOT NULL,
  addr TEXT NOT NULL REFERENCES memory_nodes (addr),
  fingerprint TEXT NOT NULL,
  bucket TEXT NOT NULL,
  state TEXT NOT NULL
    CHECK (state IN ('preliminary', 'active', 'superseded', 'stashed', 'forgotten', 'archived')),
  confidence REAL NOT NULL,
  priority INTEGER NOT NULL DEFAULT 0,
  reinforced INTEGER NOT NULL DEFAULT 0,
  author TEXT,
  target TEXT,
  source_session TEXT,
  source_seq_from INTEGER,
  source_seq_to INTEGER,
  valid_from_ms INTEGER NOT NULL,
  valid_to_ms INTEGER,
  superseded_by INTEGER,
  promoted_to INTEGER,
  told_explicitly INTEGER NOT NULL DEFAULT 0 CHECK (told_explicitly IN (0, 1)),
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  CHECK (state <> 'preliminary' OR scope LIKE 'session:%')
) STRICT;
CREATE UNIQUE INDEX memory_active ON memory_placements (scope, fingerprint) WHERE state = 'active';
CREATE UNIQUE INDEX memory_preliminary ON memory_placements (scope, fingerprint) WHERE state = 'preliminary';
CREATE INDEX memory_of_scope ON memory_placements (scope, state, id);
CREATE INDEX memory_of_fingerprint ON memory_placements (scope, fingerprint, id);
CREATE INDEX memory_of_target ON memory_placements (target, fingerprint) WHERE target IS NOT NULL;
CREATE INDEX memory_forgotten ON memory_placements (updated_at_ms) WHERE state = 'forgotten';
CREATE INDEX memory_of_node ON memory_placements (addr);
CREATE INDEX memory_of_source ON memory_placements (source_session) WHERE source_session IS NOT NULL;
CREATE INDEX memory_of_author ON memory_placements (author) WHERE author IS NOT NULL;
CREATE TRIGGER memory_superseded_stay BEFORE UPDATE OF state ON memory_placements
WHEN OLD.state IN ('superseded', 'forgotten') AND NEW.state IN ('active', 'preliminary', 'stashed')
BEGIN SELECT RAISE(ABORT, 'memory_placements: never revived'); END;

CREATE VIRTUAL TABLE memory_fts USING fts5 (
  text, scope, content = '', contentless_delete = 1, detail = full, tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE lifecycle_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  session_id TEXT NOT NULL,
  session_key TEXT NOT NULL,
  data TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE hook_deliveries (
  event INTEGER NOT NULL REFERENCES lifecycle_events (id),
  hook TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at_ms INTEGER NOT NULL,
  error TEXT,
  finished_at_ms INTEGER,
  PRIMARY KEY (event, hook)
) STRICT, WITHOUT ROWID;
CREATE INDEX hook_deliveries_due ON hook_deliveries (next_attempt_at_ms, event) WHERE state = 'pending';
CREATE INDEX hook_deliveries_done ON hook_deliveries (finished_at_ms) WHERE state = 'done';
CREATE INDEX hook_deliveries_dead ON hook_deliveries (event) WHERE state = 'dead';
`;
