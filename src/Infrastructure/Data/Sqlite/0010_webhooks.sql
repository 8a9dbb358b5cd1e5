-- What Calendly has delivered. A delivery is known by the digest of its body and stands here once, however often it comes.
-- The body is an envelope; it goes when the delivery is settled for good. state: waiting, held, done, ignored, dead.
-- Whoever works on it holds claim until claimed_until, by the database's own clock.
CREATE TABLE webhook_delivery (
  id INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  received_at TEXT NOT NULL,
  signed_at TEXT NOT NULL,
  is_stale INTEGER NOT NULL,
  key_number INTEGER NOT NULL,
  event TEXT NOT NULL,
  sender_uri TEXT,
  user_id INTEGER REFERENCES "User" ("id"),
  session_id TEXT,
  invitee_id TEXT,
  event_type_id TEXT,
  body TEXT,
  state TEXT NOT NULL,
  result TEXT,
  copies INTEGER NOT NULL DEFAULT 1,
  attempts INTEGER NOT NULL DEFAULT 0,
  claim TEXT,
  claimed_until TEXT,
  due_at TEXT NOT NULL,
  settled_at TEXT,
  expires_at TEXT NOT NULL
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (due_at) WHERE state IN ('waiting', 'held');
CREATE INDEX webhook_delivery_user ON webhook_delivery (user_id);
CREATE INDEX webhook_delivery_sender ON webhook_delivery (sender_uri);
CREATE INDEX webhook_delivery_expiry ON webhook_delivery (expires_at);

-- How we come to be told of what changes, one row a connection. state: none, asked, active, stopped, refused; reason says why
-- it is not active. due_at is for the subscription, look_due_at for reading by ourselves, up to and with seen_at.
CREATE TABLE webhook_subscription (
  user_id INTEGER PRIMARY KEY REFERENCES "User" ("id"),
  calendly_user_uri TEXT NOT NULL,
  uri TEXT,
  callback_url TEXT,
  state TEXT NOT NULL,
  reason TEXT,
  since TEXT NOT NULL,
  due_at TEXT NOT NULL,
  checked_at TEXT,
  last_delivery_at TEXT,
  retrying_since TEXT,
  gap_from TEXT,
  gap_filled_at TEXT,
  look_due_at TEXT NOT NULL,
  look_pause INTEGER NOT NULL DEFAULT 120,
  seen_at TEXT
);
CREATE INDEX webhook_subscription_due ON webhook_subscription (due_at);
CREATE INDEX webhook_subscription_sender ON webhook_subscription (calendly_user_uri);

-- The subscription that is deleted at Calendly before the pair that made it is revoked.
ALTER TABLE pending_revocation ADD COLUMN webhook_uri TEXT;

-- That something on a person's pages is another by now; never what. Short-lived: a page that missed more reads all anew.
CREATE TABLE page_change (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT,
  expires_at TEXT NOT NULL
);
CREATE INDEX page_change_user ON page_change (user_id, id);
CREATE INDEX page_change_expiry ON page_change (expires_at);

-- What a person is told in the bell, once each. name is the person's id and what it is about; facts is an envelope.
CREATE TABLE notice (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  user_id INTEGER NOT NULL REFERENCES "User" ("id"),
  kind TEXT NOT NULL,
  session_id TEXT,
  facts TEXT NOT NULL,
  at TEXT NOT NULL,
  read_at TEXT,
  expires_at TEXT NOT NULL
);
CREATE INDEX notice_user ON notice (user_id, at);
CREATE INDEX notice_expiry ON notice (expires_at);

-- Who here is an invitee that Calendly tells of.
CREATE INDEX booking_invitee ON booking (invitee_uri);
