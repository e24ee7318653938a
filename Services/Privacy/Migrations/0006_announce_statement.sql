-- A version may be announced: it counts from a date on (clause 2). NULL, as of versions before:
-- since it was published.
ALTER TABLE {{schema}}.statement ADD COLUMN valid_from timestamptz;
COMMENT ON COLUMN {{schema}}.statement.valid_from
  IS 'class=none; from when it counts; NULL: since it was published';
