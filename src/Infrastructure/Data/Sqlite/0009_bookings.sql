-- Forms of booking that somebody has opened, and what came of them. The nonce goes to Calendly with the booking, so that it
-- is known again there. A form that came to nothing ends at expires_at; what was booked has no end.
CREATE TABLE booking (
  nonce TEXT PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES "User" ("id"),
  coach_id INTEGER NOT NULL REFERENCES "User" ("id"),
  coach_slug TEXT NOT NULL,
  coach_name TEXT NOT NULL,
  coach_zone TEXT NOT NULL,
  event_type_id TEXT NOT NULL,
  event_type_name TEXT NOT NULL,
  minutes INTEGER NOT NULL,
  state TEXT NOT NULL,
  created_at TEXT NOT NULL,
  sent_at TEXT,
  expires_at TEXT,
  starts_at TEXT,
  ends_at TEXT,
  moved_from TEXT,
  name TEXT,
  email TEXT,
  place TEXT,
  join_url TEXT,
  canceled_by TEXT,
  cancel_reason TEXT,
  event_uri TEXT,
  invitee_uri TEXT,
  cancel_url TEXT,
  reschedule_url TEXT
);
CREATE INDEX booking_user ON booking (user_id, state);
CREATE INDEX booking_expiry ON booking (expires_at);

-- Bookings sent through a coach's connection, which Calendly limits by the minute, the hour and the day.
CREATE TABLE booking_call (
  nonce TEXT PRIMARY KEY,
  coach_id INTEGER NOT NULL,
  sent_at TEXT NOT NULL,
  expires_at TEXT NOT NULL
);
CREATE INDEX booking_call_coach ON booking_call (coach_id, sent_at);
CREATE INDEX booking_call_expiry ON booking_call (expires_at);
