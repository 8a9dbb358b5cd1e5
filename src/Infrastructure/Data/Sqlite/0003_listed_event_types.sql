-- Event types that a coach shows to realtors; nothing is shown that is not here.
-- name and duration_minutes are as they were when the coach listed it, for lists that must not wait for Calendly.
CREATE TABLE listed_event_type (
  event_type_id TEXT PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES "User" ("id"),
  name TEXT NOT NULL,
  duration_minutes INTEGER NOT NULL,
  listed_at TEXT NOT NULL
);

CREATE INDEX listed_event_type_user ON listed_event_type (user_id);
