-- Second factors, sign-ins on their way, and links to a new password.
-- Whether the password is long enough to be all that is asked; false only beside a second factor.
ALTER TABLE {{schema}}.credential ADD COLUMN stands_alone boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN {{schema}}.credential.stands_alone
  IS 'class=none; long enough without a second factor';

-- An app that makes one-time codes (RFC 6238). Of a person one counts; another one may be set up
-- meanwhile, which replaces it.
CREATE TABLE {{schema}}.totp (
  tenant_id uuid NOT NULL,
  totp_id uuid NOT NULL,
  person_id uuid NOT NULL,
  secret bytea NOT NULL,
  created_at timestamptz NOT NULL,
  confirmed_at timestamptz,
  last_step bigint,
  failures integer NOT NULL DEFAULT 0,
  failed_at timestamptz,
  CONSTRAINT totp_pkey PRIMARY KEY (tenant_id, totp_id),
  CONSTRAINT totp_person FOREIGN KEY (tenant_id, person_id)
    REFERENCES {{schema}}.person (tenant_id, person_id) ON DELETE CASCADE
);
CREATE INDEX totp_person ON {{schema}}.totp (tenant_id, person_id);
CREATE UNIQUE INDEX totp_confirmed ON {{schema}}.totp (tenant_id, person_id)
  WHERE confirmed_at IS NOT NULL;
CREATE UNIQUE INDEX totp_pending ON {{schema}}.totp (tenant_id, person_id)
  WHERE confirmed_at IS NULL;

ALTER TABLE {{schema}}.totp ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.totp FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.totp
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.totp TO {{runtime}};
COMMENT ON COLUMN {{schema}}.totp.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.totp.totp_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.totp.person_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.totp.secret IS 'class=secret; sealed under the person''s key';
COMMENT ON COLUMN {{schema}}.totp.created_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.totp.confirmed_at IS 'class=none; NULL until a code of it was given';
COMMENT ON COLUMN {{schema}}.totp.last_step
  IS 'class=none; no code of it or before it counts again';
COMMENT ON COLUMN {{schema}}.totp.failures IS 'class=none; attempts since the last right code';
COMMENT ON COLUMN {{schema}}.totp.failed_at IS 'class=none; the last attempt';

-- For somebody without their app; each counts once.
CREATE TABLE {{schema}}.recovery_code (
  tenant_id uuid NOT NULL,
  recovery_code_id uuid NOT NULL,
  person_id uuid NOT NULL,
  code_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  used_at timestamptz,
  CONSTRAINT recovery_code_pkey PRIMARY KEY (tenant_id, recovery_code_id),
  CONSTRAINT recovery_code_person FOREIGN KEY (tenant_id, person_id)
    REFERENCES {{schema}}.person (tenant_id, person_id) ON DELETE CASCADE
);
CREATE INDEX recovery_code_person ON {{schema}}.recovery_code (tenant_id, person_id);

ALTER TABLE {{schema}}.recovery_code ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.recovery_code FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.recovery_code
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.recovery_code TO {{runtime}};
COMMENT ON COLUMN {{schema}}.recovery_code.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.recovery_code.recovery_code_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.recovery_code.person_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.recovery_code.code_hash
  IS 'class=secret; SHA-256 of 80 random bits';
COMMENT ON COLUMN {{schema}}.recovery_code.created_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.recovery_code.used_at IS 'class=none';

-- A sign-in whose password was right, and that something else has to follow.
CREATE TABLE {{schema}}.sign_in (
  tenant_id uuid NOT NULL,
  sign_in_id uuid NOT NULL,
  person_id uuid NOT NULL,
  code_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  factor_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  CONSTRAINT sign_in_pkey PRIMARY KEY (tenant_id, sign_in_id),
  CONSTRAINT sign_in_code UNIQUE (tenant_id, code_hash),
  CONSTRAINT sign_in_person FOREIGN KEY (tenant_id, person_id)
    REFERENCES {{schema}}.person (tenant_id, person_id) ON DELETE CASCADE
);
CREATE INDEX sign_in_person ON {{schema}}.sign_in (tenant_id, person_id, created_at);

ALTER TABLE {{schema}}.sign_in ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.sign_in FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.sign_in
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.sign_in TO {{runtime}};
COMMENT ON COLUMN {{schema}}.sign_in.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.sign_in.sign_in_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.sign_in.person_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.sign_in.code_hash IS 'class=secret; SHA-256 of the challenge';
COMMENT ON COLUMN {{schema}}.sign_in.created_at IS 'class=none; when the password was given';
COMMENT ON COLUMN {{schema}}.sign_in.expires_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.sign_in.factor_at IS 'class=none; when the second factor was given';
COMMENT ON COLUMN {{schema}}.sign_in.attempts IS 'class=none; second factors that were tried';

-- A link by which somebody who forgot their password chooses another one; counts once.
CREATE TABLE {{schema}}.password_reset (
  tenant_id uuid NOT NULL,
  password_reset_id uuid NOT NULL,
  person_id uuid NOT NULL,
  code_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  CONSTRAINT password_reset_pkey PRIMARY KEY (tenant_id, password_reset_id),
  CONSTRAINT password_reset_code UNIQUE (tenant_id, code_hash),
  CONSTRAINT password_reset_person FOREIGN KEY (tenant_id, person_id)
    REFERENCES {{schema}}.person (tenant_id, person_id) ON DELETE CASCADE
);
CREATE INDEX password_reset_person ON {{schema}}.password_reset (tenant_id, person_id, created_at);

ALTER TABLE {{schema}}.password_reset ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.password_reset FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.password_reset
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.password_reset TO {{runtime}};
COMMENT ON COLUMN {{schema}}.password_reset.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.password_reset.password_reset_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.password_reset.person_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.password_reset.code_hash
  IS 'class=secret; SHA-256 of the code in the mail';
COMMENT ON COLUMN {{schema}}.password_reset.created_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.password_reset.expires_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.password_reset.used_at IS 'class=none; a password was set with it';
