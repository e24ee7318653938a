-- Notices to people of organisations that identity, which has their addresses, has not got yet:
-- rows of the platform, written in the transaction of what they tell of, or for the day on which it
-- will be so; deleted once identity has taken them over.
CREATE TABLE {{schema}}.notice (
  tenant_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  notice_id uuid NOT NULL,
  kind text NOT NULL,
  audience text NOT NULL,
  person_id uuid,
  reference_id uuid,
  version integer,
  moment timestamptz,
  authority_link text,
  urgency smallint NOT NULL,
  next_attempt_at timestamptz NOT NULL,
  superseded_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  CONSTRAINT notice_pkey PRIMARY KEY (tenant_id, organisation_id, notice_id),
  CONSTRAINT notice_person CHECK ((audience = 'person') = (person_id IS NOT NULL))
);
CREATE INDEX notice_next ON {{schema}}.notice (tenant_id, next_attempt_at);
CREATE INDEX notice_reference ON {{schema}}.notice (tenant_id, organisation_id, reference_id);
CREATE INDEX notice_person_id ON {{schema}}.notice (tenant_id, organisation_id, person_id)
  WHERE person_id IS NOT NULL;
ALTER TABLE {{schema}}.notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.notice FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.notice
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.notice TO {{runtime}};
COMMENT ON COLUMN {{schema}}.notice.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.notice.organisation_id
  IS 'class=none; whose people it is for; the platform: every organisation''s';
COMMENT ON COLUMN {{schema}}.notice.notice_id IS 'class=none; the same with identity';
COMMENT ON COLUMN {{schema}}.notice.kind IS 'class=none; what it tells of';
COMMENT ON COLUMN {{schema}}.notice.audience IS 'class=none; whom it is for';
COMMENT ON COLUMN {{schema}}.notice.person_id
  IS 'class=pseudonym; whom it is for, if it is for one person';
COMMENT ON COLUMN {{schema}}.notice.reference_id
  IS 'class=none; the request, breach, sub-processor or complaint';
COMMENT ON COLUMN {{schema}}.notice.version IS 'class=none';
COMMENT ON COLUMN {{schema}}.notice.moment IS 'class=none';
COMMENT ON COLUMN {{schema}}.notice.authority_link IS 'class=none; where one can complain';
COMMENT ON COLUMN {{schema}}.notice.urgency IS 'class=none; the highest first';
COMMENT ON COLUMN {{schema}}.notice.next_attempt_at
  IS 'class=none; when it is handed over; in the future what is told then';
COMMENT ON COLUMN {{schema}}.notice.superseded_at
  IS 'class=none; from then on another one tells more, and this one is not sent';
COMMENT ON COLUMN {{schema}}.notice.attempts IS 'class=none';
