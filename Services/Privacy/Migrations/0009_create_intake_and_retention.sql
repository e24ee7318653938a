-- What strangers send to IKSO as controller (clauses 17, 45 and 46): each under a key of its
-- own, so that deleting it takes it out of the backups as well.
CREATE TABLE {{schema}}.intake_case (
  tenant_id uuid NOT NULL,
  case_id uuid NOT NULL,
  kind text NOT NULL,
  name bytea NOT NULL,
  email bytea NOT NULL,
  phone bytea,
  function bytea,
  message bytea,
  received_at timestamptz NOT NULL,
  CONSTRAINT intake_case_pkey PRIMARY KEY (tenant_id, case_id),
  CONSTRAINT intake_case_kind CHECK (kind IN ('contact', 'demo'))
);
CREATE INDEX intake_case_received
  ON {{schema}}.intake_case (tenant_id, received_at DESC, case_id DESC);
ALTER TABLE {{schema}}.intake_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.intake_case FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.intake_case
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON {{schema}}.intake_case TO {{runtime}};
COMMENT ON COLUMN {{schema}}.intake_case.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.intake_case.case_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.intake_case.kind IS 'class=none';
COMMENT ON COLUMN {{schema}}.intake_case.name IS 'class=personal; sealed under the case''s key';
COMMENT ON COLUMN {{schema}}.intake_case.email IS 'class=personal; sealed under the case''s key';
COMMENT ON COLUMN {{schema}}.intake_case.phone IS 'class=personal; sealed under the case''s key';
COMMENT ON COLUMN {{schema}}.intake_case.function IS 'class=personal; sealed under the case''s key';
COMMENT ON COLUMN {{schema}}.intake_case.message
  IS 'class=confidential; sealed under the case''s key';
COMMENT ON COLUMN {{schema}}.intake_case.received_at IS 'class=none';

CREATE TABLE {{schema}}.application (
  tenant_id uuid NOT NULL,
  application_id uuid NOT NULL,
  name bytea NOT NULL,
  address bytea NOT NULL,
  email bytea NOT NULL,
  phone bytea NOT NULL,
  birth_date bytea NOT NULL,
  vacancy text NOT NULL,
  keep_one_year boolean NOT NULL,
  withdrawal_hash bytea,
  received_at timestamptz NOT NULL,
  ended_at timestamptz,
  erase_at timestamptz,
  CONSTRAINT application_pkey PRIMARY KEY (tenant_id, application_id),
  CONSTRAINT application_withdrawal_key UNIQUE (tenant_id, withdrawal_hash),
  CONSTRAINT application_erase CHECK ((ended_at IS NULL) = (erase_at IS NULL))
);
CREATE INDEX application_received
  ON {{schema}}.application (tenant_id, received_at DESC, application_id DESC);
CREATE INDEX application_erase ON {{schema}}.application (tenant_id, erase_at)
  WHERE erase_at IS NOT NULL;
ALTER TABLE {{schema}}.application ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.application FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.application
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.application TO {{runtime}};
COMMENT ON COLUMN {{schema}}.application.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.application.application_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.application.name
  IS 'class=personal; sealed under the application''s key';
COMMENT ON COLUMN {{schema}}.application.address
  IS 'class=personal; sealed under the application''s key';
COMMENT ON COLUMN {{schema}}.application.email
  IS 'class=personal; sealed under the application''s key';
COMMENT ON COLUMN {{schema}}.application.phone
  IS 'class=personal; sealed under the application''s key';
COMMENT ON COLUMN {{schema}}.application.birth_date
  IS 'class=personal; sealed under the application''s key';
COMMENT ON COLUMN {{schema}}.application.vacancy IS 'class=none';
COMMENT ON COLUMN {{schema}}.application.keep_one_year IS 'class=none; consent to the longer term';
COMMENT ON COLUMN {{schema}}.application.withdrawal_hash
  IS 'class=secret; SHA-256 of the code that withdraws the consent';
COMMENT ON COLUMN {{schema}}.application.received_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.application.ended_at IS 'class=none; when the procedure ended';
COMMENT ON COLUMN {{schema}}.application.erase_at IS 'class=none; 28 days or a year after its end';

-- Records that stay whatever their rule says (clause 12h), and what the sweeps have deleted (clause
-- 28).
CREATE TABLE {{schema}}.retention_hold (
  tenant_id uuid NOT NULL,
  category text NOT NULL,
  record_id uuid NOT NULL,
  ground text NOT NULL,
  owner_id uuid NOT NULL,
  placed_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT retention_hold_pkey PRIMARY KEY (tenant_id, category, record_id),
  CONSTRAINT retention_hold_category CHECK (category IN ('application', 'breach'))
);
ALTER TABLE {{schema}}.retention_hold ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.retention_hold FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.retention_hold
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.retention_hold TO {{runtime}};
COMMENT ON COLUMN {{schema}}.retention_hold.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.retention_hold.category IS 'class=none';
COMMENT ON COLUMN {{schema}}.retention_hold.record_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.retention_hold.ground IS 'class=none';
COMMENT ON COLUMN {{schema}}.retention_hold.owner_id
  IS 'class=pseudonym; the operator who placed it';
COMMENT ON COLUMN {{schema}}.retention_hold.placed_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.retention_hold.expires_at IS 'class=none';

CREATE TABLE {{schema}}.retention_report (
  tenant_id uuid NOT NULL,
  report_id uuid NOT NULL,
  category text NOT NULL,
  began_at timestamptz NOT NULL,
  ended_at timestamptz NOT NULL,
  deleted bigint NOT NULL,
  on_hold bigint NOT NULL,
  CONSTRAINT retention_report_pkey PRIMARY KEY (tenant_id, report_id),
  CONSTRAINT retention_report_category CHECK (category IN ('application', 'breach'))
);
CREATE INDEX retention_report_ended
  ON {{schema}}.retention_report (tenant_id, ended_at DESC, report_id DESC);
ALTER TABLE {{schema}}.retention_report ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.retention_report FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.retention_report
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON {{schema}}.retention_report TO {{runtime}};
COMMENT ON COLUMN {{schema}}.retention_report.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.retention_report.report_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.retention_report.category IS 'class=none';
COMMENT ON COLUMN {{schema}}.retention_report.began_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.retention_report.ended_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.retention_report.deleted IS 'class=none';
COMMENT ON COLUMN {{schema}}.retention_report.on_hold IS 'class=none';
