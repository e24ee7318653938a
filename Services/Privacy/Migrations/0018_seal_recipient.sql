-- Whom a portability request names is sealed with the other texts; what a scan looks for is sealed
-- under a key of the request's own, as the person's is gone before the last scan. 'needles': those
-- of erasures that had begun before.
-- allow not-valid: an organisation has few texts, and the older, narrower check held for them
ALTER TABLE {{schema}}.request_text DROP CONSTRAINT request_text_kind,
  ADD CONSTRAINT request_text_kind CHECK (kind IN (
    'field', 'new_value', 'explanation', 'recipient', 'refusal', 'extension', 'outcome', 'needles',
    'sought'));
COMMENT ON COLUMN {{schema}}.request_text.sealed IS 'class=confidential; sealed under the'
  ' person''s key, which erasure takes along; ''sought'': under the request''s';
COMMENT ON COLUMN {{schema}}.request.recipient
  IS 'class=none; empty since it is a text of the request, sealed';

-- An erasure takes the person's e-mail address out of what officers wrote.
GRANT UPDATE (reference) ON {{schema}}.instruction TO {{runtime}};
GRANT UPDATE (contact) ON {{schema}}.statement TO {{runtime}};

-- That an officer froze what a request has frozen already: refusing it lifts its part only.
ALTER TABLE {{schema}}.purpose_freeze
  ADD COLUMN kept_at timestamptz,
  ADD COLUMN kept_by uuid;
GRANT UPDATE (kept_at, kept_by) ON {{schema}}.purpose_freeze TO {{runtime}};
COMMENT ON COLUMN {{schema}}.purpose_freeze.kept_at
  IS 'class=none; when an officer froze it besides the request';
COMMENT ON COLUMN {{schema}}.purpose_freeze.kept_by
  IS 'class=pseudonym; who did; NULL once that person was erased';
