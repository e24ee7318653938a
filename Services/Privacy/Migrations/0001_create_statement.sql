-- Statements and their acceptances (clauses 1 to 3). A version is never changed: the runtime role
-- may take its publisher out when that person is erased, and nothing else.
CREATE TABLE {{schema}}.statement (
  tenant_id uuid NOT NULL,
  version integer NOT NULL,
  sha256 bytea NOT NULL,
  markdown text NOT NULL,
  contact text NOT NULL,
  published_by uuid,
  published_at timestamptz NOT NULL,
  CONSTRAINT statement_pkey PRIMARY KEY (tenant_id, version),
  CONSTRAINT statement_version CHECK (version > 0),
  CONSTRAINT statement_sha256 CHECK (octet_length(sha256) = 32),
  CONSTRAINT statement_size CHECK (octet_length(markdown) BETWEEN 1 AND 1048576)
);

CREATE TABLE {{schema}}.acceptance (
  tenant_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  version integer NOT NULL,
  subject_kind text NOT NULL,
  sha256 bytea NOT NULL,
  accepted_at timestamptz NOT NULL,
  CONSTRAINT acceptance_pkey PRIMARY KEY (tenant_id, subject_id, version),
  CONSTRAINT acceptance_statement FOREIGN KEY (tenant_id, version)
    REFERENCES {{schema}}.statement (tenant_id, version),
  CONSTRAINT acceptance_kind CHECK (subject_kind IN ('participant', 'guest'))
);
CREATE INDEX acceptance_version ON {{schema}}.acceptance (tenant_id, version);

ALTER TABLE {{schema}}.statement ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.statement FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.statement
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
ALTER TABLE {{schema}}.acceptance ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.acceptance FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.acceptance
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);

GRANT SELECT, INSERT ON {{schema}}.statement TO {{runtime}};
GRANT UPDATE (published_by) ON {{schema}}.statement TO {{runtime}};
GRANT SELECT, INSERT, DELETE ON {{schema}}.acceptance TO {{runtime}};

COMMENT ON COLUMN {{schema}}.statement.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.statement.version IS 'class=none; 1, 2, 3 … within the organisation';
COMMENT ON COLUMN {{schema}}.statement.sha256 IS 'class=none; of the text, UTF-8';
COMMENT ON COLUMN {{schema}}.statement.markdown IS 'class=none; the organisation''s public text';
COMMENT ON COLUMN {{schema}}.statement.contact IS 'class=none; the organisation''s public contact';
COMMENT ON COLUMN {{schema}}.statement.published_by
  IS 'class=pseudonym; who published it; NULL once that person was erased';
COMMENT ON COLUMN {{schema}}.statement.published_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.acceptance.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.acceptance.subject_id
  IS 'class=pseudonym; the participant, or the outside giver by their invitation';
COMMENT ON COLUMN {{schema}}.acceptance.version IS 'class=none; what was accepted';
COMMENT ON COLUMN {{schema}}.acceptance.subject_kind IS 'class=none; participant or guest';
COMMENT ON COLUMN {{schema}}.acceptance.sha256 IS 'class=none; of the text that was accepted';
COMMENT ON COLUMN {{schema}}.acceptance.accepted_at IS 'class=none';
