-- What coaches tell realtors about themselves. Without listed_at a coach has not agreed to be listed, and nobody else is
-- shown the card. The slug names the coach in addresses and never changes. tags and languages are one to a line.
CREATE TABLE coach_card (
  user_id INTEGER PRIMARY KEY REFERENCES "User" ("id"),
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  email TEXT,
  timezone TEXT NOT NULL,
  tags TEXT NOT NULL,
  languages TEXT NOT NULL,
  about TEXT NOT NULL,
  listed_at TEXT
);
