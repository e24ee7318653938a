-- Which methods were called, of all organisations together; rows of the platform, one for each
-- method and purpose (GDPR Art. 30).
CREATE TABLE {{schema}}.observed_method (
  tenant_id uuid NOT NULL,
  service text NOT NULL,
  method text NOT NULL,
  purpose text NOT NULL,
  calls bigint NOT NULL,
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  CONSTRAINT observed_method_pkey PRIMARY KEY (tenant_id, service, method, purpose)
);

ALTER TABLE {{schema}}.observed_method ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.observed_method FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.observed_method
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE ON {{schema}}.observed_method TO {{runtime}};

COMMENT ON COLUMN {{schema}}.observed_method.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.observed_method.service IS 'class=none; the process that saw it';
COMMENT ON COLUMN {{schema}}.observed_method.method IS 'class=none; its full name';
COMMENT ON COLUMN {{schema}}.observed_method.purpose IS 'class=none; that it was admitted for';
COMMENT ON COLUMN {{schema}}.observed_method.calls IS 'class=none; of everybody together';
COMMENT ON COLUMN {{schema}}.observed_method.first_seen_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.observed_method.last_seen_at IS 'class=none';
