-- Requests on behalf of a person, what each service did for them, and the archives.
CREATE TABLE {{schema}}.request (
  tenant_id uuid NOT NULL,
  request_id uuid NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  subject_id uuid,
  requested_by uuid,
  received_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  completed_at timestamptz,
  archive_bytes bigint NOT NULL,
  CONSTRAINT request_pkey PRIMARY KEY (tenant_id, request_id),
  CONSTRAINT request_kind CHECK (kind IN ('access', 'erasure')),
  CONSTRAINT request_state CHECK (state IN ('running', 'completed', 'incomplete')),
  CONSTRAINT request_completed CHECK ((state = 'completed') = (completed_at IS NOT NULL))
);
CREATE UNIQUE INDEX request_open_key ON {{schema}}.request (tenant_id, subject_id, kind)
  WHERE state <> 'completed';
CREATE INDEX request_received
  ON {{schema}}.request (tenant_id, received_at DESC, request_id DESC);

CREATE TABLE {{schema}}.request_step (
  tenant_id uuid NOT NULL,
  request_id uuid NOT NULL,
  service text NOT NULL,
  done boolean NOT NULL,
  tables text[] NOT NULL,
  row_counts bigint[] NOT NULL,
  found_tables text[] NOT NULL,
  found_counts bigint[] NOT NULL,
  problem text,
  updated_at timestamptz NOT NULL,
  CONSTRAINT request_step_pkey PRIMARY KEY (tenant_id, request_id, service),
  CONSTRAINT request_step_request FOREIGN KEY (tenant_id, request_id)
    REFERENCES {{schema}}.request (tenant_id, request_id)
);

CREATE TABLE {{schema}}.archive_chunk (
  tenant_id uuid NOT NULL,
  request_id uuid NOT NULL,
  position bigint NOT NULL,
  sealed bytea NOT NULL,
  CONSTRAINT archive_chunk_pkey PRIMARY KEY (tenant_id, request_id, position),
  CONSTRAINT archive_chunk_request FOREIGN KEY (tenant_id, request_id)
    REFERENCES {{schema}}.request (tenant_id, request_id)
);

ALTER TABLE {{schema}}.request ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.request FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.request
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
ALTER TABLE {{schema}}.request_step ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.request_step FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.request_step
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
ALTER TABLE {{schema}}.archive_chunk ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.archive_chunk FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.archive_chunk
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE ON {{schema}}.request TO {{runtime}};
GRANT SELECT, INSERT, UPDATE ON {{schema}}.request_step TO {{runtime}};
GRANT SELECT, INSERT, DELETE ON {{schema}}.archive_chunk TO {{runtime}};

COMMENT ON COLUMN {{schema}}.request.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.request.request_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.request.kind
  IS 'class=none; access (GDPR Art. 15) or erasure (Art. 17)';
COMMENT ON COLUMN {{schema}}.request.state IS 'class=none';
COMMENT ON COLUMN {{schema}}.request.subject_id
  IS 'class=pseudonym; whom it is about; NULL once that person was erased';
COMMENT ON COLUMN {{schema}}.request.requested_by
  IS 'class=pseudonym; the Authorised Person; NULL once that person was erased';
COMMENT ON COLUMN {{schema}}.request.received_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.request.due_at IS 'class=none; receipt plus 28 days (clause 38)';
COMMENT ON COLUMN {{schema}}.request.completed_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.request.archive_bytes IS 'class=none; size of the archive';
COMMENT ON COLUMN {{schema}}.request_step.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.request_step.request_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.request_step.service IS 'class=none';
COMMENT ON COLUMN {{schema}}.request_step.done IS 'class=none';
COMMENT ON COLUMN {{schema}}.request_step.tables IS 'class=none; names of tables';
COMMENT ON COLUMN {{schema}}.request_step.row_counts IS 'class=none; rows by table';
COMMENT ON COLUMN {{schema}}.request_step.found_tables IS 'class=none; names of tables';
COMMENT ON COLUMN {{schema}}.request_step.found_counts IS 'class=none; rows found by a scan';
COMMENT ON COLUMN {{schema}}.request_step.problem IS 'class=none; never a personal value';
COMMENT ON COLUMN {{schema}}.request_step.updated_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.archive_chunk.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.archive_chunk.request_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.archive_chunk.position IS 'class=none; 0, 1, 2 … within the archive';
COMMENT ON COLUMN {{schema}}.archive_chunk.sealed
  IS 'class=confidential; sealed under the person''s key: erasure takes it along';
