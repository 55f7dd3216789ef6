/** Scheduled work: jobs, their runs, and the time zones people chose. */
export const jobsSchema = `
CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  made_by TEXT NOT NULL CHECK (made_by IN ('config', 'chat', 'cli', 'http', 'agent')),
  maker_platform TEXT,
  maker_id TEXT,
  maker_name TEXT,
  origin TEXT,
  schedule_text TEXT NOT NULL,
  schedule TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  text TEXT NOT NULL,
  agent TEXT,
  targets TEXT NOT NULL,
  session TEXT NOT NULL CHECK (session IN ('fresh', 'own', 'origin')),
  catch_up TEXT NOT NULL CHECK (catch_up IN ('none', 'last', 'all')),
  overlap TEXT NOT NULL CHECK (overlap IN ('skip', 'queue')),
  jitter_ms INTEGER NOT NULL DEFAULT 0,
  days TEXT,
  ends_at_ms INTEGER,
  max_runs INTEGER,
  state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'done')),
  state_reason TEXT,
  next_due_at_ms INTEGER,
  next_run_at_ms INTEGER,
  runs INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  last_run_at_ms INTEGER,
  created_at_ms INTEGER NOT NULL,
  changed_at_ms INTEGER NOT NULL,
  CHECK ((next_due_at_ms IS NULL) = (next_run_at_ms IS NULL)),
  CHECK (state = 'active' OR next_run_at_ms IS NULL)
) STRICT;
-- A name is free again once its job is done: the history stays with the job's number.
CREATE UNIQUE INDEX jobs_name ON jobs (name) WHERE state <> 'done';
CREATE INDEX jobs_due ON jobs (next_run_at_ms, id) WHERE next_run_at_ms IS NOT NULL;
CREATE INDEX jobs_of_maker ON jobs (maker_platform, maker_id, id) WHERE maker_id IS NOT NULL;
CREATE INDEX jobs_done ON jobs (changed_at_ms, id) WHERE state = 'done';

CREATE TABLE job_runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  job INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  due_at_ms INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  by_hand INTEGER NOT NULL DEFAULT 0 CHECK (by_hand IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('claimed', 'running', 'done', 'failed', 'skipped')),
  inbox_id INTEGER,
  session TEXT,
  claimed_at_ms INTEGER NOT NULL,
  started_at_ms INTEGER,
  finished_at_ms INTEGER,
  error TEXT,
  input_tokens INTEGER NOT NULL DEFAULT 0,
  output_tokens INTEGER NOT NULL DEFAULT 0,
  cost_usd REAL,
  output TEXT,
  delivered TEXT
) STRICT;
CREATE INDEX job_runs_of_job ON job_runs (job, id);
CREATE INDEX job_runs_open ON job_runs (job, id) WHERE state IN ('claimed', 'running');
CREATE UNIQUE INDEX job_runs_of_inbox ON job_runs (inbox_id) WHERE inbox_id IS NOT NULL;

CREATE TABLE people (
  platform TEXT NOT NULL,
  user_id TEXT NOT NULL,
  time_zone TEXT,
  PRIMARY KEY (platform, user_id)
) STRICT, WITHOUT ROWID;
`;
