-- Some mail goes before all other, some behind it.
ALTER TABLE {{schema}}.outbox_due ADD COLUMN urgency smallint NOT NULL DEFAULT 0;
COMMENT ON COLUMN {{schema}}.outbox_due.urgency IS 'class=none; the highest first';
-- allow index: what waits is sent within minutes, so that there is little of it
CREATE INDEX outbox_due_urgency
  ON {{schema}}.outbox_due (tenant_id, organisation_id, urgency DESC, next_attempt_at);
-- allow index: as above; the one made before serves the previous binary as well
DROP INDEX {{schema}}.outbox_due_turn;

-- Notices to people of the organisation that other services have handed over: written to one page
-- of people after the other, and kept for a while afterwards, so that whoever hands one over again
-- sends nothing twice. One to every organisation is a row of the platform.
CREATE TABLE {{schema}}.notice (
  tenant_id uuid NOT NULL,
  notice_id uuid NOT NULL,
  kind text NOT NULL,
  audience text NOT NULL,
  person_id uuid,
  reference_id uuid,
  version integer,
  moment timestamptz,
  authority_link text,
  urgency smallint NOT NULL,
  accepted_at timestamptz NOT NULL,
  resume_from uuid,
  done_at timestamptz,
  CONSTRAINT notice_pkey PRIMARY KEY (tenant_id, notice_id),
  CONSTRAINT notice_person CHECK ((audience = 'person') = (person_id IS NOT NULL))
);
CREATE INDEX notice_person_id ON {{schema}}.notice (tenant_id, person_id)
  WHERE person_id IS NOT NULL;
ALTER TABLE {{schema}}.notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.notice FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.notice
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON {{schema}}.notice TO {{runtime}};
GRANT UPDATE (resume_from, done_at) ON {{schema}}.notice TO {{runtime}};
COMMENT ON COLUMN {{schema}}.notice.tenant_id
  IS 'class=none; the client organisation, or the platform';
COMMENT ON COLUMN {{schema}}.notice.notice_id IS 'class=none; drawn by who hands it over';
COMMENT ON COLUMN {{schema}}.notice.kind IS 'class=none; what it tells of';
COMMENT ON COLUMN {{schema}}.notice.audience IS 'class=none; whom it is for';
COMMENT ON COLUMN {{schema}}.notice.person_id
  IS 'class=pseudonym; whom it is for, if it is for one person';
COMMENT ON COLUMN {{schema}}.notice.reference_id
  IS 'class=none; the request, breach, sub-processor or complaint';
COMMENT ON COLUMN {{schema}}.notice.version IS 'class=none';
COMMENT ON COLUMN {{schema}}.notice.moment IS 'class=none';
COMMENT ON COLUMN {{schema}}.notice.authority_link IS 'class=none; where one can complain';
COMMENT ON COLUMN {{schema}}.notice.urgency IS 'class=none; of its mails';
COMMENT ON COLUMN {{schema}}.notice.accepted_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.notice.resume_from
  IS 'class=none; people, or organisations, below it have their mail; nobody''s id';
COMMENT ON COLUMN {{schema}}.notice.done_at IS 'class=none; when the last mail was written';

-- Which of them is written next: rows of the platform, so that one look finds it.
CREATE TABLE {{schema}}.notice_due (
  tenant_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  notice_id uuid NOT NULL,
  urgency smallint NOT NULL,
  next_attempt_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  CONSTRAINT notice_due_pkey PRIMARY KEY (tenant_id, organisation_id, notice_id)
);
CREATE INDEX notice_due_next ON {{schema}}.notice_due (tenant_id, next_attempt_at);
ALTER TABLE {{schema}}.notice_due ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.notice_due FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.notice_due
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.notice_due TO {{runtime}};
COMMENT ON COLUMN {{schema}}.notice_due.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.notice_due.organisation_id IS 'class=none; whose notice it is';
COMMENT ON COLUMN {{schema}}.notice_due.notice_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.notice_due.urgency IS 'class=none; the highest first';
COMMENT ON COLUMN {{schema}}.notice_due.next_attempt_at
  IS 'class=none; of one that is done: when it goes';
COMMENT ON COLUMN {{schema}}.notice_due.attempts IS 'class=none; since the last page';
