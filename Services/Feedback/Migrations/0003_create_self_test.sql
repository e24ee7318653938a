-- Results of the self-test (clause 23), signed; rows of the platform that every tenant may read.
CREATE TABLE {{schema}}.self_test (
  tenant_id uuid NOT NULL,
  run_id uuid NOT NULL,
  finished_at timestamptz NOT NULL,
  passed boolean NOT NULL,
  report text NOT NULL,
  CONSTRAINT self_test_pkey PRIMARY KEY (tenant_id, run_id)
);
CREATE INDEX self_test_finished ON {{schema}}.self_test (tenant_id, finished_at DESC);

ALTER TABLE {{schema}}.self_test ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.self_test FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.self_test
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON {{schema}}.self_test TO {{runtime}};

COMMENT ON COLUMN {{schema}}.self_test.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.self_test.run_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.self_test.finished_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.self_test.passed IS 'class=none';
COMMENT ON COLUMN {{schema}}.self_test.report IS 'class=none; signed, names tables and methods';
