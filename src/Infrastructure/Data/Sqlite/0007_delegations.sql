-- People who may look at a coach's pages and change nothing, and invitations to become one.
CREATE TABLE delegation (
  user_id INTEGER PRIMARY KEY REFERENCES "User" ("id"),
  coach_id INTEGER NOT NULL REFERENCES "User" ("id"),
  name TEXT NOT NULL,
  since TEXT NOT NULL
);
CREATE INDEX delegation_coach ON delegation (coach_id);

CREATE TABLE delegation_invitation (
  token_hash TEXT PRIMARY KEY,
  coach_id INTEGER NOT NULL REFERENCES "User" ("id"),
  expires_at TEXT NOT NULL
);
CREATE INDEX delegation_invitation_coach ON delegation_invitation (coach_id);
