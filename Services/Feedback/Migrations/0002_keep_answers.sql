-- Answers to writes that came with an idempotency key, kept for whoever asks again.
CREATE TABLE {{schema}}.kept_answer (
  tenant_id uuid NOT NULL,
  answer_id uuid NOT NULL,
  sealed_answer bytea,
  expires_at timestamptz NOT NULL,
  CONSTRAINT kept_answer_pkey PRIMARY KEY (tenant_id, answer_id)
);
CREATE INDEX kept_answer_expiry ON {{schema}}.kept_answer (tenant_id, expires_at);

ALTER TABLE {{schema}}.kept_answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.kept_answer FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.kept_answer
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.kept_answer TO {{runtime}};

COMMENT ON COLUMN {{schema}}.kept_answer.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.kept_answer.answer_id IS
  'class=none; digest of caller, method and idempotency key';
COMMENT ON COLUMN {{schema}}.kept_answer.sealed_answer IS
  'class=confidential; digest of the request and the answer, sealed; NULL once it was erased';
COMMENT ON COLUMN {{schema}}.kept_answer.expires_at IS 'class=none';
