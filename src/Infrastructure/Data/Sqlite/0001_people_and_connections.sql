-- The table that this application carries on, with its own names; the token columns hold envelopes, never plaintext.
CREATE TABLE "User" (
  "id" INTEGER PRIMARY KEY,
  "userId" TEXT NOT NULL UNIQUE,
  "calendlyAccessToken" TEXT,
  "calendlyRefreshToken" TEXT,
  "calendlyExpiresAt" TEXT,
  "updatedAt" TEXT
);

-- What a connection is beyond its pair. token_version is the fence: it grows with every change of the pair.
CREATE TABLE calendly_connection (
  user_id INTEGER PRIMARY KEY REFERENCES "User" ("id"),
  mode TEXT NOT NULL,
  status TEXT NOT NULL,
  status_reason TEXT,
  status_since TEXT NOT NULL,
  calendly_user_uri TEXT NOT NULL,
  calendly_org_uri TEXT NOT NULL,
  scopes TEXT NOT NULL,
  profile_name TEXT,
  profile_email TEXT,
  profile_timezone TEXT,
  profile_scheduling_url TEXT,
  token_version INTEGER NOT NULL,
  refresh_after TEXT NOT NULL,
  connected_at TEXT NOT NULL,
  refreshed_at TEXT NOT NULL
);

-- One Calendly user belongs to one person here.
CREATE UNIQUE INDEX calendly_connection_owner ON calendly_connection (calendly_user_uri) WHERE status <> 'disconnected';
