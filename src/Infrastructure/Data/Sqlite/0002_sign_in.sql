-- Sessions live here, not in the cookie: the cookie's key is stored as a hash only.
CREATE TABLE session_ticket (
  key_hash TEXT PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES "User" ("id"),
  ticket BLOB NOT NULL,
  expires_at TEXT NOT NULL,
  ends_at TEXT NOT NULL
);

CREATE INDEX session_ticket_user ON session_ticket (user_id);

-- A sign-in or connect that has been started; taken out by the callback, so it works once.
-- starter tells who started it: a person, or an anonymous browser.
CREATE TABLE authorization_request (
  nonce_hash TEXT PRIMARY KEY,
  starter TEXT NOT NULL,
  expires_at TEXT NOT NULL
);

CREATE INDEX authorization_request_starter ON authorization_request (starter);

-- A grant of another Calendly account than the connected one, waiting for the person to say which to keep.
CREATE TABLE pending_switch (
  user_id INTEGER PRIMARY KEY REFERENCES "User" ("id"),
  envelope TEXT NOT NULL,
  expires_at TEXT NOT NULL
);

-- The framework's key ring for cookies; each key is an envelope under the application's own key.
CREATE TABLE data_protection_key (
  name TEXT PRIMARY KEY,
  xml TEXT NOT NULL
);
