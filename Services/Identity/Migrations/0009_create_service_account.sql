-- Service accounts: programs that call in their own name.
-- Accounts of programs, which may act in organisations; rows of the platform.
CREATE TABLE {{schema}}.service_account (
  tenant_id uuid NOT NULL,
  service_account_id uuid NOT NULL,
  name text NOT NULL,
  scopes text[] NOT NULL,
  all_organisations boolean NOT NULL,
  organisations uuid[] NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  disabled_at timestamptz,
  CONSTRAINT service_account_pkey PRIMARY KEY (tenant_id, service_account_id),
  CONSTRAINT service_account_name UNIQUE (tenant_id, name)
);
CREATE INDEX service_account_page
  ON {{schema}}.service_account (tenant_id, created_at, service_account_id);

ALTER TABLE {{schema}}.service_account ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.service_account FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.service_account
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON {{schema}}.service_account TO {{runtime}};
COMMENT ON COLUMN {{schema}}.service_account.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.service_account.service_account_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.service_account.name IS 'class=none; a program''s; stands in logs';
COMMENT ON COLUMN {{schema}}.service_account.scopes IS 'class=none; methods that it may call';
COMMENT ON COLUMN {{schema}}.service_account.all_organisations IS 'class=none';
COMMENT ON COLUMN {{schema}}.service_account.organisations IS 'class=none; that it may act in';
COMMENT ON COLUMN {{schema}}.service_account.created_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.service_account.expires_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.service_account.disabled_at IS 'class=none; for good';

-- What their programs prove with that they are the account: several count while one is replaced.
CREATE TABLE {{schema}}.service_credential (
  tenant_id uuid NOT NULL,
  service_account_id uuid NOT NULL,
  service_credential_id uuid NOT NULL,
  identity text NOT NULL,
  public_key bytea,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  last_used_at timestamptz,
  CONSTRAINT service_credential_pkey
    PRIMARY KEY (tenant_id, service_account_id, service_credential_id),
  CONSTRAINT service_credential_identity UNIQUE (tenant_id, service_account_id, identity),
  CONSTRAINT service_credential_account FOREIGN KEY (tenant_id, service_account_id)
    REFERENCES {{schema}}.service_account (tenant_id, service_account_id)
);

ALTER TABLE {{schema}}.service_credential ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.service_credential FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.service_credential
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.service_credential TO {{runtime}};
COMMENT ON COLUMN {{schema}}.service_credential.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.service_credential.service_account_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.service_credential.service_credential_id
  IS 'class=none; the session of the tokens that are issued for it';
COMMENT ON COLUMN {{schema}}.service_credential.identity
  IS 'class=none; of a certificate, or SHA-256 of the key';
COMMENT ON COLUMN {{schema}}.service_credential.public_key
  IS 'class=none; SubjectPublicKeyInfo, NULL for a certificate';
COMMENT ON COLUMN {{schema}}.service_credential.created_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.service_credential.expires_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.service_credential.revoked_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.service_credential.last_used_at
  IS 'class=none; when a token was last issued';

-- Assertions that were used, until they would have expired.
CREATE TABLE {{schema}}.service_assertion (
  tenant_id uuid NOT NULL,
  service_account_id uuid NOT NULL,
  identifier_hash bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT service_assertion_pkey
    PRIMARY KEY (tenant_id, service_account_id, identifier_hash),
  CONSTRAINT service_assertion_account FOREIGN KEY (tenant_id, service_account_id)
    REFERENCES {{schema}}.service_account (tenant_id, service_account_id)
);
CREATE INDEX service_assertion_end ON {{schema}}.service_assertion (tenant_id, expires_at);

ALTER TABLE {{schema}}.service_assertion ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.service_assertion FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.service_assertion
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON {{schema}}.service_assertion TO {{runtime}};
COMMENT ON COLUMN {{schema}}.service_assertion.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.service_assertion.service_account_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.service_assertion.identifier_hash
  IS 'class=secret; SHA-256 of its jti';
COMMENT ON COLUMN {{schema}}.service_assertion.expires_at
  IS 'class=none; it could not be used again then';
