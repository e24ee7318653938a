-- Organisations, people and sign-in.
-- A client organisation, its contract and its processing agreement (clause 5).
CREATE TABLE {{schema}}.organisation (
  tenant_id uuid NOT NULL,
  name text NOT NULL,
  contract_begin date NOT NULL,
  contract_end date,
  agreement_reference text NOT NULL,
  agreement_signed_on date NOT NULL,
  registered_at timestamptz NOT NULL,
  CONSTRAINT organisation_pkey PRIMARY KEY (tenant_id),
  CONSTRAINT organisation_period CHECK (contract_end IS NULL OR contract_begin <= contract_end)
);

ALTER TABLE {{schema}}.organisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.organisation FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.organisation
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT ON {{schema}}.organisation TO {{runtime}};
COMMENT ON COLUMN {{schema}}.organisation.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.organisation.name IS 'class=none';
COMMENT ON COLUMN {{schema}}.organisation.contract_begin IS 'class=none; first day';
COMMENT ON COLUMN {{schema}}.organisation.contract_end
  IS 'class=none; last day, NULL until further notice';
COMMENT ON COLUMN {{schema}}.organisation.agreement_reference
  IS 'class=none; processing agreement (clause 5)';
COMMENT ON COLUMN {{schema}}.organisation.agreement_signed_on IS 'class=none';
COMMENT ON COLUMN {{schema}}.organisation.registered_at IS 'class=none';

-- Somebody with an account: of a client organisation, or an operator of the platform.
CREATE TABLE {{schema}}.person (
  tenant_id uuid NOT NULL,
  person_id uuid NOT NULL,
  name bytea NOT NULL,
  email bytea NOT NULL,
  email_index bytea NOT NULL,
  roles text[] NOT NULL,
  source text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT person_pkey PRIMARY KEY (tenant_id, person_id),
  CONSTRAINT person_email UNIQUE (tenant_id, email_index),
  CONSTRAINT person_source CHECK (source IN ('client', 'self', 'platform')),
  CONSTRAINT person_roles CHECK (
    roles <@ ARRAY['participant', 'coach', 'manager', 'administrator', 'auditor', 'operator'])
);

ALTER TABLE {{schema}}.person ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.person FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.person
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.person TO {{runtime}};
COMMENT ON COLUMN {{schema}}.person.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.person.person_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.person.name IS 'class=personal; sealed under the person''s key';
COMMENT ON COLUMN {{schema}}.person.email IS 'class=personal; sealed under the person''s key';
COMMENT ON COLUMN {{schema}}.person.email_index
  IS 'class=pseudonym; keyed digest of the address in lower case';
COMMENT ON COLUMN {{schema}}.person.roles
  IS 'class=none; privacy_officer is not here but in authorised_person';
COMMENT ON COLUMN {{schema}}.person.source IS 'class=none; where the record came from (clause 6)';
COMMENT ON COLUMN {{schema}}.person.created_at IS 'class=none';

-- What a person proves to be themselves with.
CREATE TABLE {{schema}}.credential (
  tenant_id uuid NOT NULL,
  person_id uuid NOT NULL,
  password_hash text NOT NULL,
  changed_at timestamptz NOT NULL,
  CONSTRAINT credential_pkey PRIMARY KEY (tenant_id, person_id),
  CONSTRAINT credential_person FOREIGN KEY (tenant_id, person_id)
    REFERENCES {{schema}}.person (tenant_id, person_id) ON DELETE CASCADE
);

ALTER TABLE {{schema}}.credential ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.credential FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.credential
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.credential TO {{runtime}};
COMMENT ON COLUMN {{schema}}.credential.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.credential.person_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.credential.password_hash IS 'class=secret; Argon2id, PHC string';
COMMENT ON COLUMN {{schema}}.credential.changed_at IS 'class=none';

-- A link by which somebody sets their first password; valid once, until it expires.
CREATE TABLE {{schema}}.invitation (
  tenant_id uuid NOT NULL,
  invitation_id uuid NOT NULL,
  person_id uuid NOT NULL,
  code_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  replaced_at timestamptz,
  CONSTRAINT invitation_pkey PRIMARY KEY (tenant_id, invitation_id),
  CONSTRAINT invitation_code UNIQUE (tenant_id, code_hash),
  CONSTRAINT invitation_person FOREIGN KEY (tenant_id, person_id)
    REFERENCES {{schema}}.person (tenant_id, person_id) ON DELETE CASCADE
);
CREATE INDEX invitation_person ON {{schema}}.invitation (tenant_id, person_id);

ALTER TABLE {{schema}}.invitation ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.invitation FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.invitation
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.invitation TO {{runtime}};
COMMENT ON COLUMN {{schema}}.invitation.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.invitation.invitation_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.invitation.person_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.invitation.code_hash
  IS 'class=secret; SHA-256 of the code in the mail';
COMMENT ON COLUMN {{schema}}.invitation.created_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.invitation.expires_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.invitation.used_at IS 'class=none; a password was set with it';
COMMENT ON COLUMN {{schema}}.invitation.replaced_at IS 'class=none; a newer one was sent';

-- A sign-in; tokens are issued for it until it ends.
CREATE TABLE {{schema}}.session (
  tenant_id uuid NOT NULL,
  session_id uuid NOT NULL,
  person_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  authenticated_at timestamptz NOT NULL,
  ended_at timestamptz,
  CONSTRAINT session_pkey PRIMARY KEY (tenant_id, session_id),
  CONSTRAINT session_person FOREIGN KEY (tenant_id, person_id)
    REFERENCES {{schema}}.person (tenant_id, person_id) ON DELETE CASCADE
);
CREATE INDEX session_person ON {{schema}}.session (tenant_id, person_id);

ALTER TABLE {{schema}}.session ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.session FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.session
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.session TO {{runtime}};
COMMENT ON COLUMN {{schema}}.session.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.session.session_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.session.person_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.session.created_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.session.authenticated_at
  IS 'class=none; when the password was last given';
COMMENT ON COLUMN {{schema}}.session.ended_at IS 'class=none';

-- The Authorised Persons of an organisation and when each of them is one (clause 8).
CREATE TABLE {{schema}}.authorised_person (
  tenant_id uuid NOT NULL,
  authorised_person_id uuid NOT NULL,
  person_id uuid NOT NULL,
  valid_from date NOT NULL,
  valid_until date,
  named_at timestamptz NOT NULL,
  CONSTRAINT authorised_person_pkey PRIMARY KEY (tenant_id, authorised_person_id),
  CONSTRAINT authorised_person_period CHECK (valid_until IS NULL OR valid_from <= valid_until),
  CONSTRAINT authorised_person_person FOREIGN KEY (tenant_id, person_id)
    REFERENCES {{schema}}.person (tenant_id, person_id) ON DELETE CASCADE
);
CREATE INDEX authorised_person_person
  ON {{schema}}.authorised_person (tenant_id, person_id, valid_from);

ALTER TABLE {{schema}}.authorised_person ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.authorised_person FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.authorised_person
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.authorised_person TO {{runtime}};
COMMENT ON COLUMN {{schema}}.authorised_person.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.authorised_person.authorised_person_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.authorised_person.person_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.authorised_person.valid_from IS 'class=none; first day';
COMMENT ON COLUMN {{schema}}.authorised_person.valid_until
  IS 'class=none; last day, NULL until somebody else is named';
COMMENT ON COLUMN {{schema}}.authorised_person.named_at IS 'class=none';

-- The public keys that access tokens are signed with; rows of the platform.
CREATE TABLE {{schema}}.signing_key (
  tenant_id uuid NOT NULL,
  key_id text NOT NULL,
  public_key bytea NOT NULL,
  not_before timestamptz NOT NULL,
  not_after timestamptz,
  created_at timestamptz NOT NULL,
  CONSTRAINT signing_key_pkey PRIMARY KEY (tenant_id, key_id)
);
-- One key has no end: the next one to sign, or the one that signs.
CREATE UNIQUE INDEX signing_key_last ON {{schema}}.signing_key (tenant_id)
  WHERE not_after IS NULL;

ALTER TABLE {{schema}}.signing_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.signing_key FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.signing_key
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON {{schema}}.signing_key TO {{runtime}};
COMMENT ON COLUMN {{schema}}.signing_key.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.signing_key.key_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.signing_key.public_key
  IS 'class=none; Ed25519, the private part is in the vault';
COMMENT ON COLUMN {{schema}}.signing_key.not_before IS 'class=none; when it begins to sign';
COMMENT ON COLUMN {{schema}}.signing_key.not_after
  IS 'class=none; no token signed with it counts afterwards';
COMMENT ON COLUMN {{schema}}.signing_key.created_at IS 'class=none';
