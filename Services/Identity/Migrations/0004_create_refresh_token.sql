-- What a session goes on with, and the tokens that count no more.
ALTER TABLE {{schema}}.session ADD COLUMN last_used_at timestamptz;
ALTER TABLE {{schema}}.session ADD COLUMN end_reason text;
COMMENT ON COLUMN {{schema}}.session.last_used_at
  IS 'class=none; when an access token was last issued, NULL: at the sign-in';
COMMENT ON COLUMN {{schema}}.session.end_reason IS 'class=none';

-- The refresh token of a session that counts, and what any earlier one of it is known by.
CREATE TABLE {{schema}}.refresh_token (
  tenant_id uuid NOT NULL,
  session_id uuid NOT NULL,
  family_hash bytea NOT NULL,
  token_hash bytea NOT NULL,
  previous_hash bytea,
  rotated_at timestamptz NOT NULL,
  CONSTRAINT refresh_token_pkey PRIMARY KEY (tenant_id, session_id),
  CONSTRAINT refresh_token_family UNIQUE (tenant_id, family_hash),
  CONSTRAINT refresh_token_session FOREIGN KEY (tenant_id, session_id)
    REFERENCES {{schema}}.session (tenant_id, session_id) ON DELETE CASCADE
);

ALTER TABLE {{schema}}.refresh_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.refresh_token FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.refresh_token
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.refresh_token TO {{runtime}};
COMMENT ON COLUMN {{schema}}.refresh_token.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.refresh_token.session_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.refresh_token.family_hash
  IS 'class=secret; SHA-256 of the part that all tokens of the session share';
COMMENT ON COLUMN {{schema}}.refresh_token.token_hash
  IS 'class=secret; SHA-256 of the token that counts';
COMMENT ON COLUMN {{schema}}.refresh_token.previous_hash
  IS 'class=secret; SHA-256 of the one before, whose answer may be asked for once more';
COMMENT ON COLUMN {{schema}}.refresh_token.rotated_at IS 'class=none';

-- Access tokens that count no more before they expire; rows of the platform, which are gone when no
-- token that they concern can be valid.
CREATE TABLE {{schema}}.revocation (
  tenant_id uuid NOT NULL,
  sequence bigint NOT NULL,
  kind text NOT NULL,
  subject_id uuid NOT NULL,
  issued_until timestamptz,
  expires_at timestamptz NOT NULL,
  CONSTRAINT revocation_pkey PRIMARY KEY (tenant_id, sequence),
  CONSTRAINT revocation_kind CHECK (kind IN ('session', 'organisation'))
);

ALTER TABLE {{schema}}.revocation ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.revocation FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.revocation
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON {{schema}}.revocation TO {{runtime}};
COMMENT ON COLUMN {{schema}}.revocation.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.revocation.sequence
  IS 'class=none; rises with each commit, about microseconds since 1970';
COMMENT ON COLUMN {{schema}}.revocation.kind IS 'class=none; what subject_id is';
COMMENT ON COLUMN {{schema}}.revocation.subject_id
  IS 'class=pseudonym; a session, or an organisation with all of its tokens';
COMMENT ON COLUMN {{schema}}.revocation.issued_until
  IS 'class=none; later tokens count, NULL: none does';
COMMENT ON COLUMN {{schema}}.revocation.expires_at IS 'class=none; no such token is valid then';
