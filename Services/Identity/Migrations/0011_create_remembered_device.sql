-- Devices on which somebody has asked not to be asked for the second factor each time (clause 41).
ALTER TABLE {{schema}}.organisation ADD COLUMN remembered_device_days integer;
COMMENT ON COLUMN {{schema}}.organisation.remembered_device_days
  IS 'class=none; until the factor is asked again, NULL: as the service is set';

ALTER TABLE {{schema}}.sign_in ADD COLUMN remembers_device boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN {{schema}}.sign_in.remembers_device
  IS 'class=none; the session that comes of it remembers its device';

-- The token of a device that counts, and what any earlier one of it is known by.
CREATE TABLE {{schema}}.remembered_device (
  tenant_id uuid NOT NULL,
  remembered_device_id uuid NOT NULL,
  person_id uuid NOT NULL,
  family_hash bytea NOT NULL,
  token_hash bytea NOT NULL,
  previous_hash bytea,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT remembered_device_pkey PRIMARY KEY (tenant_id, remembered_device_id),
  CONSTRAINT remembered_device_family UNIQUE (tenant_id, family_hash),
  CONSTRAINT remembered_device_person FOREIGN KEY (tenant_id, person_id)
    REFERENCES {{schema}}.person (tenant_id, person_id) ON DELETE CASCADE
);
CREATE INDEX remembered_device_person
  ON {{schema}}.remembered_device (tenant_id, person_id, created_at);

ALTER TABLE {{schema}}.remembered_device ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.remembered_device FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.remembered_device
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.remembered_device TO {{runtime}};
COMMENT ON COLUMN {{schema}}.remembered_device.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.remembered_device.remembered_device_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.remembered_device.person_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.remembered_device.family_hash
  IS 'class=secret; SHA-256 of the part that all tokens of the device share';
COMMENT ON COLUMN {{schema}}.remembered_device.token_hash
  IS 'class=secret; SHA-256 of the token that counts';
COMMENT ON COLUMN {{schema}}.remembered_device.previous_hash
  IS 'class=secret; SHA-256 of the one before, whose answer may be asked for once more';
COMMENT ON COLUMN {{schema}}.remembered_device.created_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.remembered_device.last_used_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.remembered_device.expires_at IS 'class=none';
