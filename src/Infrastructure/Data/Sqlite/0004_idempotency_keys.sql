-- Answers of JSON writes, under the name that the caller gave to the request. Without a status it is still being worked
-- on, by whoever holds the claim.
CREATE TABLE idempotency_key (
  user_id INTEGER NOT NULL REFERENCES "User" ("id"),
  route TEXT NOT NULL,
  name TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  claim TEXT NOT NULL,
  status INTEGER,
  error_code TEXT,
  answer BLOB,
  expires_at TEXT NOT NULL,
  PRIMARY KEY (user_id, route, name)
);

CREATE INDEX idempotency_key_expiry ON idempotency_key (expires_at);
