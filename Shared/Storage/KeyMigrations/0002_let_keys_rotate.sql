-- What rotation and recorded destruction need. The previous binary goes on beside it: it neither
-- reads nor writes the new columns, and nothing is under a new key before a rotation.

-- Which master key wraps a row; NULL: one from before rows said so.
ALTER TABLE {{schema}}.tenant_key ADD COLUMN master_id text;
ALTER TABLE {{schema}}.platform_secret ADD COLUMN master_id text;
COMMENT ON COLUMN {{schema}}.tenant_key.master_id IS 'class=none; id of the master key';
COMMENT ON COLUMN {{schema}}.platform_secret.master_id IS 'class=none; id of the master key';
COMMENT ON COLUMN {{schema}}.tenant_key.wrapped_key IS
  'class=secret; the tenant''s secret under the master key; NULL once destroyed';

CREATE TABLE {{schema}}.wrapping_key (
  tenant_id uuid NOT NULL,
  generation bigint NOT NULL,
  wrapped_key bytea,
  master_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  destroyed_at timestamptz,
  CONSTRAINT wrapping_key_pkey PRIMARY KEY (tenant_id, generation),
  CONSTRAINT wrapping_key_generation CHECK (generation > 0),
  CONSTRAINT wrapping_key_destroyed CHECK ((wrapped_key IS NULL) = (destroyed_at IS NOT NULL)),
  CONSTRAINT wrapping_key_tenant FOREIGN KEY (tenant_id)
    REFERENCES {{schema}}.tenant_key (tenant_id)
);
COMMENT ON COLUMN {{schema}}.wrapping_key.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.wrapping_key.generation IS 'class=none; the newest one is used';
COMMENT ON COLUMN {{schema}}.wrapping_key.wrapped_key IS
  'class=secret; what wraps the keys of persons, under the master key; NULL once destroyed';
COMMENT ON COLUMN {{schema}}.wrapping_key.master_id IS 'class=none; id of the master key';
COMMENT ON COLUMN {{schema}}.wrapping_key.created_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.wrapping_key.destroyed_at IS 'class=none';

-- Which wrapping key a person's key is under; NULL: the one derived from the tenant's secret. The
-- foreign key keeps a wrapping key in the store as long as anything is under it.
ALTER TABLE {{schema}}.person_key ADD COLUMN generation bigint;
ALTER TABLE {{schema}}.person_key ADD CONSTRAINT person_key_generation
  FOREIGN KEY (tenant_id, generation)
  REFERENCES {{schema}}.wrapping_key (tenant_id, generation) NOT VALID;
COMMENT ON COLUMN {{schema}}.person_key.generation IS 'class=none; of the wrapping key';

-- Every destruction of a key: when, on whose order, under which number in the erasure journal.
CREATE TABLE {{schema}}.destruction (
  tenant_id uuid NOT NULL,
  destruction_id uuid NOT NULL,
  person_ref bytea,
  ordered_by text NOT NULL,
  destroyed_at timestamptz NOT NULL,
  journal_number bigint NOT NULL,
  CONSTRAINT destruction_pkey PRIMARY KEY (tenant_id, destruction_id),
  CONSTRAINT destruction_once UNIQUE NULLS NOT DISTINCT (tenant_id, person_ref)
);
COMMENT ON COLUMN {{schema}}.destruction.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.destruction.destruction_id IS 'class=none; the receipt';
COMMENT ON COLUMN {{schema}}.destruction.person_ref IS
  'class=pseudonym; as in person_key; NULL: the organisation''s key';
COMMENT ON COLUMN {{schema}}.destruction.ordered_by IS
  'class=pseudonym; person and their reference as in person_key, or command and its user''s number';
COMMENT ON COLUMN {{schema}}.destruction.destroyed_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.destruction.journal_number IS 'class=none; in the erasure journal';

-- How far the erasure journal has been carried out here: one row, the platform's.
CREATE TABLE {{schema}}.journal_position (
  tenant_id uuid NOT NULL,
  journal_id uuid NOT NULL,
  records bigint NOT NULL,
  file_bytes bigint NOT NULL,
  chain text NOT NULL,
  CONSTRAINT journal_position_pkey PRIMARY KEY (tenant_id)
);
COMMENT ON COLUMN {{schema}}.journal_position.tenant_id IS 'class=none; always the platform';
COMMENT ON COLUMN {{schema}}.journal_position.journal_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.journal_position.records IS 'class=none; carried out';
COMMENT ON COLUMN {{schema}}.journal_position.file_bytes IS 'class=none; where the next one begins';
COMMENT ON COLUMN {{schema}}.journal_position.chain IS 'class=none; hash over all up to here';

ALTER TABLE {{schema}}.wrapping_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.wrapping_key FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.wrapping_key
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);

ALTER TABLE {{schema}}.destruction ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.destruction FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.destruction
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);

ALTER TABLE {{schema}}.journal_position ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.journal_position FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.journal_position
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);

-- A service makes no wrapping key and changes none but to destroy it: rotation is the owner's.
GRANT SELECT ON {{schema}}.wrapping_key TO {{runtime}};
GRANT UPDATE (wrapped_key, destroyed_at) ON {{schema}}.wrapping_key TO {{runtime}};
GRANT UPDATE (generation) ON {{schema}}.person_key TO {{runtime}};
GRANT SELECT, INSERT ON {{schema}}.destruction TO {{runtime}};
GRANT SELECT, INSERT ON {{schema}}.journal_position TO {{runtime}};
GRANT UPDATE (records, file_bytes, chain) ON {{schema}}.journal_position TO {{runtime}};
