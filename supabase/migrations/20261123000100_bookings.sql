-- Forms of booking that somebody has opened, and what came of them. The nonce goes to Calendly with the booking, so that it
-- is known again there. A form that came to nothing ends at expires_at; what was booked has no end.
CREATE TABLE IF NOT EXISTS calendly_slices.booking (
  nonce text PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES public."User" ("id"),
  coach_id bigint NOT NULL REFERENCES public."User" ("id"),
  coach_slug text NOT NULL,
  coach_name text NOT NULL,
  coach_zone text NOT NULL,
  event_type_id text NOT NULL,
  event_type_name text NOT NULL,
  minutes bigint NOT NULL,
  state text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  sent_at timestamp with time zone,
  expires_at timestamp with time zone,
  starts_at timestamp with time zone,
  ends_at timestamp with time zone,
  moved_from timestamp with time zone,
  name text,
  email text,
  place text,
  join_url text,
  canceled_by text,
  cancel_reason text,
  event_uri text,
  invitee_uri text,
  cancel_url text,
  reschedule_url text
);
CREATE INDEX IF NOT EXISTS booking_user ON calendly_slices.booking (user_id, state);
CREATE INDEX IF NOT EXISTS booking_expiry ON calendly_slices.booking (expires_at);

-- Bookings sent through a coach's connection, which Calendly limits by the minute, the hour and the day.
CREATE TABLE IF NOT EXISTS calendly_slices.booking_call (
  nonce text PRIMARY KEY,
  coach_id bigint NOT NULL,
  sent_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL
);
CREATE INDEX IF NOT EXISTS booking_call_coach ON calendly_slices.booking_call (coach_id, sent_at);
CREATE INDEX IF NOT EXISTS booking_call_expiry ON calendly_slices.booking_call (expires_at);

SELECT calendly_slices.protect_tables();

INSERT INTO calendly_slices.schema_migration (name) VALUES ('20261123000100_bookings.sql') ON CONFLICT DO NOTHING;
