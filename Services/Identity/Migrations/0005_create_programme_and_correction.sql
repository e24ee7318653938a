-- Who leads whom. Nobody has two managers, and no circle of them is stored.
CREATE TABLE {{schema}}.manager_relation (
  tenant_id uuid NOT NULL,
  person_id uuid NOT NULL,
  manager_id uuid NOT NULL,
  set_at timestamptz NOT NULL,
  CONSTRAINT manager_relation_pkey PRIMARY KEY (tenant_id, person_id),
  CONSTRAINT manager_relation_person FOREIGN KEY (tenant_id, person_id)
    REFERENCES {{schema}}.person (tenant_id, person_id) ON DELETE CASCADE,
  CONSTRAINT manager_relation_manager FOREIGN KEY (tenant_id, manager_id)
    REFERENCES {{schema}}.person (tenant_id, person_id) ON DELETE CASCADE
);
CREATE INDEX manager_relation_manager ON {{schema}}.manager_relation (tenant_id, manager_id);

ALTER TABLE {{schema}}.manager_relation ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.manager_relation FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.manager_relation
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.manager_relation TO {{runtime}};
COMMENT ON COLUMN {{schema}}.manager_relation.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.manager_relation.person_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.manager_relation.manager_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.manager_relation.set_at IS 'class=none';

-- What a name or address was before it was corrected (clause 33).
CREATE TABLE {{schema}}.person_correction (
  tenant_id uuid NOT NULL,
  person_correction_id uuid NOT NULL,
  person_id uuid NOT NULL,
  field text NOT NULL,
  old_value bytea NOT NULL,
  source text NOT NULL,
  corrected_at timestamptz NOT NULL,
  CONSTRAINT person_correction_pkey PRIMARY KEY (tenant_id, person_correction_id),
  CONSTRAINT person_correction_field CHECK (field IN ('name', 'email')),
  CONSTRAINT person_correction_source CHECK (source IN ('client', 'self')),
  CONSTRAINT person_correction_person FOREIGN KEY (tenant_id, person_id)
    REFERENCES {{schema}}.person (tenant_id, person_id) ON DELETE CASCADE
);
CREATE INDEX person_correction_person
  ON {{schema}}.person_correction (tenant_id, person_id, corrected_at);

ALTER TABLE {{schema}}.person_correction ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.person_correction FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.person_correction
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON {{schema}}.person_correction TO {{runtime}};
COMMENT ON COLUMN {{schema}}.person_correction.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.person_correction.person_correction_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.person_correction.person_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.person_correction.field IS 'class=none';
COMMENT ON COLUMN {{schema}}.person_correction.old_value
  IS 'class=personal; sealed under the person''s key';
COMMENT ON COLUMN {{schema}}.person_correction.source IS 'class=none; who corrected it (clause 6)';
COMMENT ON COLUMN {{schema}}.person_correction.corrected_at IS 'class=none';

-- An address that somebody will have once they have opened the link that was sent to it.
CREATE TABLE {{schema}}.email_change (
  tenant_id uuid NOT NULL,
  person_id uuid NOT NULL,
  email bytea NOT NULL,
  email_index bytea NOT NULL,
  code_hash bytea NOT NULL,
  source text NOT NULL,
  requested_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT email_change_pkey PRIMARY KEY (tenant_id, person_id),
  CONSTRAINT email_change_code UNIQUE (tenant_id, code_hash),
  CONSTRAINT email_change_source CHECK (source IN ('client', 'self')),
  CONSTRAINT email_change_person FOREIGN KEY (tenant_id, person_id)
    REFERENCES {{schema}}.person (tenant_id, person_id) ON DELETE CASCADE
);

ALTER TABLE {{schema}}.email_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.email_change FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.email_change
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.email_change TO {{runtime}};
COMMENT ON COLUMN {{schema}}.email_change.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.email_change.person_id IS 'class=pseudonym; one change at a time';
COMMENT ON COLUMN {{schema}}.email_change.email IS 'class=personal; sealed under the person''s key';
COMMENT ON COLUMN {{schema}}.email_change.email_index IS 'class=pseudonym; keyed digest';
COMMENT ON COLUMN {{schema}}.email_change.code_hash
  IS 'class=secret; SHA-256 of the code in the mail';
COMMENT ON COLUMN {{schema}}.email_change.source IS 'class=none; who asked for it (clause 6)';
COMMENT ON COLUMN {{schema}}.email_change.requested_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.email_change.expires_at IS 'class=none';

-- What an organisation has its people take part in (clause 12a).
CREATE TABLE {{schema}}.programme (
  tenant_id uuid NOT NULL,
  programme_id uuid NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  begins_on date NOT NULL,
  ends_on date NOT NULL,
  learning_paths text[] NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT programme_pkey PRIMARY KEY (tenant_id, programme_id),
  CONSTRAINT programme_kind CHECK (
    kind IN ('training', 'coaching', 'assessment', 'scan', 'project')),
  CONSTRAINT programme_period CHECK (begins_on <= ends_on)
);
CREATE INDEX programme_created
  ON {{schema}}.programme (tenant_id, created_at DESC, programme_id DESC);

ALTER TABLE {{schema}}.programme ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.programme FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.programme
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.programme TO {{runtime}};
COMMENT ON COLUMN {{schema}}.programme.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.programme.programme_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.programme.name IS 'class=none';
COMMENT ON COLUMN {{schema}}.programme.kind IS 'class=none';
COMMENT ON COLUMN {{schema}}.programme.begins_on IS 'class=none; first day';
COMMENT ON COLUMN {{schema}}.programme.ends_on IS 'class=none; last day';
COMMENT ON COLUMN {{schema}}.programme.learning_paths
  IS 'class=none; that its people may enter while it lasts (clause 12e)';
COMMENT ON COLUMN {{schema}}.programme.created_at IS 'class=none';

-- That somebody takes part in a programme; it ends with it.
CREATE TABLE {{schema}}.enrolment (
  tenant_id uuid NOT NULL,
  programme_id uuid NOT NULL,
  person_id uuid NOT NULL,
  enrolled_on date NOT NULL,
  left_on date,
  CONSTRAINT enrolment_pkey PRIMARY KEY (tenant_id, programme_id, person_id),
  CONSTRAINT enrolment_programme FOREIGN KEY (tenant_id, programme_id)
    REFERENCES {{schema}}.programme (tenant_id, programme_id) ON DELETE CASCADE,
  CONSTRAINT enrolment_person FOREIGN KEY (tenant_id, person_id)
    REFERENCES {{schema}}.person (tenant_id, person_id) ON DELETE CASCADE
);
CREATE INDEX enrolment_person ON {{schema}}.enrolment (tenant_id, person_id);

ALTER TABLE {{schema}}.enrolment ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.enrolment FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.enrolment
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.enrolment TO {{runtime}};
COMMENT ON COLUMN {{schema}}.enrolment.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.enrolment.programme_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.enrolment.person_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.enrolment.enrolled_on IS 'class=none; first day';
COMMENT ON COLUMN {{schema}}.enrolment.left_on
  IS 'class=none; the day from which they take part no more, NULL: until the programme ends';
