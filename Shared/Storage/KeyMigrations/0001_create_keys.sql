-- The key store of a service. It can live in another cluster than the data, so that backups of data
-- and of keys are kept apart: a row here that is gone makes sealed data unreadable everywhere.

CREATE TABLE {{schema}}.tenant_key (
  tenant_id uuid NOT NULL,
  wrapped_key bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  destroyed_at timestamptz,
  CONSTRAINT tenant_key_pkey PRIMARY KEY (tenant_id),
  CONSTRAINT tenant_key_destroyed CHECK ((wrapped_key IS NULL) = (destroyed_at IS NOT NULL))
);
COMMENT ON COLUMN {{schema}}.tenant_key.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.tenant_key.wrapped_key IS
  'class=secret; the tenant''s key under the master key; NULL once destroyed';
COMMENT ON COLUMN {{schema}}.tenant_key.created_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.tenant_key.destroyed_at IS 'class=none';

CREATE TABLE {{schema}}.person_key (
  tenant_id uuid NOT NULL,
  person_ref bytea NOT NULL,
  wrapped_key bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  destroyed_at timestamptz,
  CONSTRAINT person_key_pkey PRIMARY KEY (tenant_id, person_ref),
  CONSTRAINT person_key_destroyed CHECK ((wrapped_key IS NULL) = (destroyed_at IS NOT NULL)),
  CONSTRAINT person_key_tenant FOREIGN KEY (tenant_id) REFERENCES {{schema}}.tenant_key (tenant_id)
);
COMMENT ON COLUMN {{schema}}.person_key.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.person_key.person_ref IS
  'class=pseudonym; HMAC-SHA256 of the person''s id under a key derived from the tenant''s';
COMMENT ON COLUMN {{schema}}.person_key.wrapped_key IS
  'class=secret; the person''s key under the tenant''s; NULL once destroyed: the tombstone';
COMMENT ON COLUMN {{schema}}.person_key.created_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.person_key.destroyed_at IS 'class=none';

CREATE TABLE {{schema}}.platform_secret (
  tenant_id uuid NOT NULL,
  name text NOT NULL,
  sealed_secret bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT platform_secret_pkey PRIMARY KEY (tenant_id, name)
);
COMMENT ON COLUMN {{schema}}.platform_secret.tenant_id IS 'class=none; always the platform';
COMMENT ON COLUMN {{schema}}.platform_secret.name IS 'class=none';
COMMENT ON COLUMN {{schema}}.platform_secret.sealed_secret IS
  'class=secret; sealed under the master key';
COMMENT ON COLUMN {{schema}}.platform_secret.created_at IS 'class=none';

ALTER TABLE {{schema}}.tenant_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.tenant_key FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.tenant_key
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);

ALTER TABLE {{schema}}.person_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.person_key FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.person_key
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);

ALTER TABLE {{schema}}.platform_secret ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.platform_secret FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.platform_secret
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);

-- No DELETE: a tombstone stays.
GRANT SELECT, INSERT ON {{schema}}.tenant_key TO {{runtime}};
GRANT UPDATE (wrapped_key, destroyed_at) ON {{schema}}.tenant_key TO {{runtime}};
GRANT SELECT, INSERT ON {{schema}}.person_key TO {{runtime}};
GRANT UPDATE (wrapped_key, destroyed_at) ON {{schema}}.person_key TO {{runtime}};
GRANT SELECT, INSERT ON {{schema}}.platform_secret TO {{runtime}};

-- Old versions of a destroyed key leave the table soon.
ALTER TABLE {{schema}}.person_key SET
  (autovacuum_vacuum_threshold = 50, autovacuum_vacuum_scale_factor = 0);
ALTER TABLE {{schema}}.tenant_key SET
  (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);
