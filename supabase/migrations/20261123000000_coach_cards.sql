-- What coaches tell realtors about themselves. Without listed_at a coach has not agreed to be listed, and nobody else is
-- shown the card. The slug names the coach in addresses and never changes. tags and languages are one to a line.
CREATE TABLE IF NOT EXISTS calendly_slices.coach_card (
  user_id bigint PRIMARY KEY REFERENCES public."User" ("id"),
  slug text NOT NULL UNIQUE,
  name text NOT NULL,
  email text,
  timezone text NOT NULL,
  tags text NOT NULL,
  languages text NOT NULL,
  about text NOT NULL,
  listed_at timestamp with time zone
);

SELECT calendly_slices.protect_tables();

INSERT INTO calendly_slices.schema_migration (name) VALUES ('20261123000000_coach_cards.sql') ON CONFLICT DO NOTHING;
