-- Reports of breaches: bounded for a person and for an organisation, and in an order in which no
-- organisation's hide another's.
ALTER TABLE {{schema}}.breach ADD COLUMN reported_in uuid;
ALTER TABLE {{schema}}.breach ADD COLUMN turn integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN {{schema}}.breach.reported_in
  IS 'class=none; the organisation of a report, until somebody has looked at it';
COMMENT ON COLUMN {{schema}}.breach.turn
  IS 'class=none; how many of the organisation''s nobody had looked at when it came in; then 0';

ALTER TABLE {{schema}}.breach_notice ADD COLUMN reported boolean NOT NULL DEFAULT false;
ALTER TABLE {{schema}}.breach_notice ADD COLUMN reported_by uuid;
COMMENT ON COLUMN {{schema}}.breach_notice.reported
  IS 'class=none; it began as a report of the organisation''s own';
COMMENT ON COLUMN {{schema}}.breach_notice.reported_by
  IS 'class=pseudonym; NULL of a service''s report, and once that person was erased';
