-- A refresh belongs to one process at a time, under a lease. One that was not given back is evidence: a refresh of that
-- version may have spent its token.
ALTER TABLE calendly_connection ADD COLUMN lease_owner TEXT;
ALTER TABLE calendly_connection ADD COLUMN prev_owner TEXT;
ALTER TABLE calendly_connection ADD COLUMN lease_until TEXT;
ALTER TABLE calendly_connection ADD COLUMN next_attempt_at TEXT;
ALTER TABLE calendly_connection ADD COLUMN fail_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE calendly_connection ADD COLUMN window_start TEXT NOT NULL DEFAULT '';
ALTER TABLE calendly_connection ADD COLUMN window_count INTEGER NOT NULL DEFAULT 0;
CREATE INDEX calendly_connection_status ON calendly_connection (status, user_id);
CREATE INDEX calendly_connection_leased ON calendly_connection (lease_until) WHERE lease_owner IS NOT NULL;

-- Finds what is not sealed without reading a million rows.
CREATE INDEX user_plaintext ON "User" ("id") WHERE "calendlyAccessToken" IS NOT NULL AND "calendlyAccessToken" NOT LIKE 'v1.%';

-- Pairs that Calendly has yet to be told about: their people have left, or hold a newer one.
CREATE TABLE pending_revocation (
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES "User" ("id"),
  access_token TEXT NOT NULL,
  refresh_token TEXT,
  not_before TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL
);
CREATE INDEX pending_revocation_due ON pending_revocation (not_before);
CREATE INDEX pending_revocation_user ON pending_revocation (user_id);

-- What happened to connections, without any token; kept for ninety days.
CREATE TABLE token_event (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  user_id INTEGER,
  kind TEXT NOT NULL,
  version INTEGER,
  instance TEXT NOT NULL
);
CREATE INDEX token_event_kind ON token_event (kind, at);
CREATE INDEX token_event_user ON token_event (user_id, version);
CREATE INDEX token_event_at ON token_event (at);

-- One sealed word per key: a process that cannot open it has a wrong key and must not serve.
CREATE TABLE token_key (
  key_id TEXT PRIMARY KEY,
  canary TEXT NOT NULL
);

-- What this database is for; an application in the other mode refuses it.
CREATE TABLE marker (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- Work that one process does for all.
CREATE TABLE job_lease (
  name TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  until TEXT NOT NULL
);
