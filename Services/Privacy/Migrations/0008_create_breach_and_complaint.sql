-- Breaches of personal data (clause 39): the platform's register, whom each affects, and what those
-- were told.
CREATE TABLE {{schema}}.breach (
  tenant_id uuid NOT NULL,
  breach_id uuid NOT NULL,
  state text NOT NULL,
  revision integer NOT NULL,
  nature bytea NOT NULL,
  people_categories bytea NOT NULL,
  people bigint NOT NULL,
  record_categories bytea NOT NULL,
  records bigint NOT NULL,
  consequences bytea NOT NULL,
  measures bytea NOT NULL,
  high_risk boolean NOT NULL,
  aware_at timestamptz NOT NULL,
  authority_due_at timestamptz NOT NULL,
  authority_notified_at timestamptz,
  authority_reference text,
  delay_reason bytea,
  no_risk_reason bytea,
  closed_at timestamptz,
  CONSTRAINT breach_pkey PRIMARY KEY (tenant_id, breach_id),
  CONSTRAINT breach_state CHECK (state IN ('reported', 'open', 'closed')),
  CONSTRAINT breach_closed CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
  CONSTRAINT breach_notified
    CHECK ((authority_notified_at IS NULL) = (authority_reference IS NULL))
);
CREATE INDEX breach_urgency
  ON {{schema}}.breach (tenant_id, (closed_at IS NOT NULL), authority_due_at);
CREATE INDEX breach_closed ON {{schema}}.breach (tenant_id, closed_at)
  WHERE closed_at IS NOT NULL;
ALTER TABLE {{schema}}.breach ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.breach FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.breach
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.breach TO {{runtime}};
COMMENT ON COLUMN {{schema}}.breach.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.breach.breach_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.breach.state IS 'class=none';
COMMENT ON COLUMN {{schema}}.breach.revision
  IS 'class=none; counts the changes that organisations see';
COMMENT ON COLUMN {{schema}}.breach.nature
  IS 'class=confidential; sealed under the platform''s key';
COMMENT ON COLUMN {{schema}}.breach.people_categories
  IS 'class=confidential; sealed under the platform''s key';
COMMENT ON COLUMN {{schema}}.breach.people IS 'class=none; about how many';
COMMENT ON COLUMN {{schema}}.breach.record_categories
  IS 'class=confidential; sealed under the platform''s key';
COMMENT ON COLUMN {{schema}}.breach.records IS 'class=none; about how many';
COMMENT ON COLUMN {{schema}}.breach.consequences
  IS 'class=confidential; sealed under the platform''s key';
COMMENT ON COLUMN {{schema}}.breach.measures
  IS 'class=confidential; sealed under the platform''s key';
COMMENT ON COLUMN {{schema}}.breach.high_risk IS 'class=none; the people are told too';
COMMENT ON COLUMN {{schema}}.breach.aware_at IS 'class=none; the 72 hours run from here';
COMMENT ON COLUMN {{schema}}.breach.authority_due_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.breach.authority_notified_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.breach.authority_reference IS 'class=none';
COMMENT ON COLUMN {{schema}}.breach.delay_reason
  IS 'class=confidential; sealed under the platform''s key';
COMMENT ON COLUMN {{schema}}.breach.no_risk_reason
  IS 'class=confidential; sealed under the platform''s key';
COMMENT ON COLUMN {{schema}}.breach.closed_at IS 'class=none';

CREATE TABLE {{schema}}.breach_affected (
  tenant_id uuid NOT NULL,
  breach_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  told_at timestamptz NOT NULL,
  CONSTRAINT breach_affected_pkey PRIMARY KEY (tenant_id, breach_id, organisation_id),
  CONSTRAINT breach_affected_breach FOREIGN KEY (tenant_id, breach_id)
    REFERENCES {{schema}}.breach (tenant_id, breach_id) ON DELETE CASCADE
);
ALTER TABLE {{schema}}.breach_affected ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.breach_affected FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.breach_affected
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON {{schema}}.breach_affected TO {{runtime}};
COMMENT ON COLUMN {{schema}}.breach_affected.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.breach_affected.breach_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.breach_affected.organisation_id IS 'class=none; who is affected';
COMMENT ON COLUMN {{schema}}.breach_affected.told_at IS 'class=none';

-- The trail: entries are added, and go with their breach when its term is over.
CREATE TABLE {{schema}}.breach_entry (
  tenant_id uuid NOT NULL,
  entry_id uuid NOT NULL,
  breach_id uuid NOT NULL,
  kind text NOT NULL,
  text bytea NOT NULL,
  added_at timestamptz NOT NULL,
  CONSTRAINT breach_entry_pkey PRIMARY KEY (tenant_id, entry_id),
  CONSTRAINT breach_entry_breach FOREIGN KEY (tenant_id, breach_id)
    REFERENCES {{schema}}.breach (tenant_id, breach_id) ON DELETE CASCADE,
  CONSTRAINT breach_entry_kind CHECK (kind IN ('report', 'note', 'effect', 'measure'))
);
CREATE INDEX breach_entry_breach
  ON {{schema}}.breach_entry (tenant_id, breach_id, added_at, entry_id);
ALTER TABLE {{schema}}.breach_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.breach_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.breach_entry
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT ON {{schema}}.breach_entry TO {{runtime}};
COMMENT ON COLUMN {{schema}}.breach_entry.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.breach_entry.entry_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.breach_entry.breach_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.breach_entry.kind IS 'class=none';
COMMENT ON COLUMN {{schema}}.breach_entry.text
  IS 'class=confidential; sealed under the platform''s key';
COMMENT ON COLUMN {{schema}}.breach_entry.added_at IS 'class=none';

CREATE TABLE {{schema}}.breach_notice (
  tenant_id uuid NOT NULL,
  breach_id uuid NOT NULL,
  revision integer NOT NULL,
  told_at timestamptz NOT NULL,
  acknowledged_at timestamptz,
  acknowledged_by uuid,
  acknowledged_revision integer NOT NULL DEFAULT 0,
  CONSTRAINT breach_notice_pkey PRIMARY KEY (tenant_id, breach_id)
);
CREATE INDEX breach_notice_told
  ON {{schema}}.breach_notice (tenant_id, (acknowledged_revision >= revision), told_at DESC);
ALTER TABLE {{schema}}.breach_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.breach_notice FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.breach_notice
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.breach_notice TO {{runtime}};
COMMENT ON COLUMN {{schema}}.breach_notice.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.breach_notice.breach_id
  IS 'class=none; a row of the platform''s register';
COMMENT ON COLUMN {{schema}}.breach_notice.revision
  IS 'class=none; as the breach''s: what the organisation can see';
COMMENT ON COLUMN {{schema}}.breach_notice.told_at
  IS 'class=none; the organisation''s own 72 hours run from here';
COMMENT ON COLUMN {{schema}}.breach_notice.acknowledged_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.breach_notice.acknowledged_by
  IS 'class=pseudonym; NULL once that person was erased';
COMMENT ON COLUMN {{schema}}.breach_notice.acknowledged_revision IS 'class=none; 0: nobody has';

-- Complaints to an organisation's privacy officer (clause 44).
CREATE TABLE {{schema}}.complaint (
  tenant_id uuid NOT NULL,
  complaint_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  state text NOT NULL,
  text bytea NOT NULL,
  answer bytea,
  filed_at timestamptz NOT NULL,
  answered_at timestamptz,
  answered_by uuid,
  CONSTRAINT complaint_pkey PRIMARY KEY (tenant_id, complaint_id),
  CONSTRAINT complaint_state CHECK (state IN ('open', 'upheld', 'refused')),
  CONSTRAINT complaint_answered CHECK ((state = 'open') = (answer IS NULL)
    AND (answer IS NULL) = (answered_at IS NULL))
);
CREATE INDEX complaint_filed
  ON {{schema}}.complaint (tenant_id, filed_at DESC, complaint_id DESC);
CREATE INDEX complaint_subject ON {{schema}}.complaint (tenant_id, subject_id, filed_at);
ALTER TABLE {{schema}}.complaint ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.complaint FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.complaint
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.complaint TO {{runtime}};
COMMENT ON COLUMN {{schema}}.complaint.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.complaint.complaint_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.complaint.subject_id IS 'class=pseudonym; who complains';
COMMENT ON COLUMN {{schema}}.complaint.state IS 'class=none';
COMMENT ON COLUMN {{schema}}.complaint.text IS 'class=confidential; sealed under the person''s key';
COMMENT ON COLUMN {{schema}}.complaint.answer
  IS 'class=confidential; sealed under the person''s key';
COMMENT ON COLUMN {{schema}}.complaint.filed_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.complaint.answered_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.complaint.answered_by
  IS 'class=pseudonym; NULL once that person was erased';
