-- Accesses to people's data that the organisation's log, kept by privacy, has not got yet (clause
-- 22): written in the transaction of the access, deleted once the log holds them. When somebody is
-- erased meanwhile, the row stays without them: that there was an access is to be in the log.
CREATE TABLE {{schema}}.access_event (
  tenant_id uuid NOT NULL,
  event_id uuid NOT NULL,
  subject_id uuid,
  subject_commitment bytea NOT NULL,
  occurred_at timestamptz NOT NULL,
  sealed_detail bytea NOT NULL,
  CONSTRAINT access_event_pkey PRIMARY KEY (tenant_id, event_id),
  CONSTRAINT access_event_commitment CHECK (octet_length(subject_commitment) = 32)
);
CREATE INDEX access_event_subject ON {{schema}}.access_event (tenant_id, subject_id)
  WHERE subject_id IS NOT NULL;

ALTER TABLE {{schema}}.access_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.access_event FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.access_event
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON {{schema}}.access_event TO {{runtime}};
GRANT UPDATE (subject_id) ON {{schema}}.access_event TO {{runtime}};
COMMENT ON COLUMN {{schema}}.access_event.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.access_event.event_id IS 'class=none; the same in the log';
COMMENT ON COLUMN {{schema}}.access_event.subject_id
  IS 'class=pseudonym; whose data, NULL when erased';
COMMENT ON COLUMN {{schema}}.access_event.subject_commitment
  IS 'class=none; SHA-256 over the ids of event and subject';
COMMENT ON COLUMN {{schema}}.access_event.occurred_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.access_event.sealed_detail
  IS 'class=confidential; who did what; sealed under the subject''s key';

-- Whose there are: rows of the platform, so that one look finds them all.
CREATE TABLE {{schema}}.access_event_due (
  tenant_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  event_id uuid NOT NULL,
  CONSTRAINT access_event_due_pkey PRIMARY KEY (tenant_id, organisation_id, event_id)
);

ALTER TABLE {{schema}}.access_event_due ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.access_event_due FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.access_event_due
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON {{schema}}.access_event_due TO {{runtime}};
COMMENT ON COLUMN {{schema}}.access_event_due.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.access_event_due.organisation_id IS 'class=none; whose event it is';
COMMENT ON COLUMN {{schema}}.access_event_due.event_id IS 'class=none';
