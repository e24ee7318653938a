-- What the erasure of a person has deleted so far, call by call: counted in the transaction that
-- deletes, so that a call whose answer was lost is in the receipt of the next one.
CREATE TABLE {{schema}}.subject_erasure (
  tenant_id uuid NOT NULL,
  request_id uuid NOT NULL,
  begun_at timestamptz NOT NULL,
  counts jsonb NOT NULL,
  CONSTRAINT subject_erasure_pkey PRIMARY KEY (tenant_id, request_id)
);
ALTER TABLE {{schema}}.subject_erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.subject_erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.subject_erasure
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
CREATE POLICY living ON {{schema}}.subject_erasure AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
GRANT SELECT, INSERT, DELETE ON {{schema}}.subject_erasure TO {{runtime}};
GRANT UPDATE (counts) ON {{schema}}.subject_erasure TO {{runtime}};
COMMENT ON COLUMN {{schema}}.subject_erasure.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.subject_erasure.request_id
  IS 'class=none; as the privacy service calls it, which forgets whom it was about';
COMMENT ON COLUMN {{schema}}.subject_erasure.begun_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.subject_erasure.counts IS 'class=none; deleted rows by table';
