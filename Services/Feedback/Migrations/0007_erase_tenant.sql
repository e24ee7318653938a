-- The end of an organisation (clause 29): a tombstone, from which on the database itself takes no
-- new row of it, whatever process writes one.
CREATE TABLE {{schema}}.tenant_erasure (
  tenant_id uuid NOT NULL,
  erasure_id uuid NOT NULL,
  begun_at timestamptz NOT NULL,
  erased_at timestamptz,
  counts jsonb NOT NULL,
  CONSTRAINT tenant_erasure_pkey PRIMARY KEY (tenant_id),
  CONSTRAINT tenant_erasure_client
    CHECK (tenant_id <> '00000000-0000-0000-0000-000000000000'::uuid)
);
ALTER TABLE {{schema}}.tenant_erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.tenant_erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.tenant_erasure
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
-- It stays: without the right to delete one nobody brings an organisation back.
GRANT SELECT, INSERT ON {{schema}}.tenant_erasure TO {{runtime}};
GRANT UPDATE (erased_at, counts) ON {{schema}}.tenant_erasure TO {{runtime}};
COMMENT ON COLUMN {{schema}}.tenant_erasure.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.tenant_erasure.erasure_id
  IS 'class=none; as the privacy service calls it';
COMMENT ON COLUMN {{schema}}.tenant_erasure.begun_at IS 'class=none; no row is taken since';
COMMENT ON COLUMN {{schema}}.tenant_erasure.erased_at
  IS 'class=none; rows and keys were gone for the first time';
COMMENT ON COLUMN {{schema}}.tenant_erasure.counts IS 'class=none; deleted rows by table';

-- Whether the transaction's organisation has a tombstone.
CREATE FUNCTION {{schema}}.tenant_is_erased() RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (SELECT FROM {{schema}}.tenant_erasure
    WHERE tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
END
$$;
-- A function, as Citus takes no sub-query in a policy; it fails by a name that a service can tell.
CREATE FUNCTION {{schema}}.demand_living_tenant() RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF {{schema}}.tenant_is_erased() THEN
    RAISE EXCEPTION 'the organisation is erased'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'living_tenant';
  END IF;
  RETURN true;
END
$$;

CREATE POLICY living ON {{schema}}.access_event AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.access_event_due AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.feedback AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.invitation AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.kept_answer AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.outbox AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.outbox_due AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.round AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.self_test AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
