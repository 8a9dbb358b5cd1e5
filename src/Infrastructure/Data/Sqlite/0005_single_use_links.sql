-- Links for one booking that a coach has made. Calendly cannot list them and tells nobody when one is used, so this is the
-- only record of them; a row goes when the link expires or the coach takes it off the list.
CREATE TABLE single_use_link (
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES "User" ("id"),
  event_type_id TEXT NOT NULL,
  booking_url TEXT NOT NULL,
  made_at TEXT NOT NULL,
  expires_at TEXT NOT NULL
);

CREATE INDEX single_use_link_owner ON single_use_link (user_id, event_type_id);
