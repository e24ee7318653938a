-- Mail that waits to be sent.
-- Written in the transaction of what it tells of; deleted once it was sent. Not bound to a person's
-- row: what is left of somebody who was erased meanwhile cannot be opened, and goes.
CREATE TABLE {{schema}}.outbox (
  tenant_id uuid NOT NULL,
  outbox_id uuid NOT NULL,
  person_id uuid NOT NULL,
  kind text NOT NULL,
  sealed_mail bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  reason text,
  dead_at timestamptz,
  CONSTRAINT outbox_pkey PRIMARY KEY (tenant_id, outbox_id)
);
CREATE INDEX outbox_person ON {{schema}}.outbox (tenant_id, person_id);
CREATE INDEX outbox_dead ON {{schema}}.outbox (tenant_id, dead_at DESC, outbox_id DESC)
  WHERE dead_at IS NOT NULL;

ALTER TABLE {{schema}}.outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.outbox FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.outbox
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.outbox TO {{runtime}};
COMMENT ON COLUMN {{schema}}.outbox.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.outbox.outbox_id IS 'class=none; the Message-ID as well';
COMMENT ON COLUMN {{schema}}.outbox.person_id IS 'class=pseudonym; who it is for';
COMMENT ON COLUMN {{schema}}.outbox.kind IS 'class=none; what it is about';
COMMENT ON COLUMN {{schema}}.outbox.sealed_mail
  IS 'class=secret; address and text, which may hold a link; sealed under the person''s key';
COMMENT ON COLUMN {{schema}}.outbox.created_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.outbox.expires_at IS 'class=none; not sent afterwards';
COMMENT ON COLUMN {{schema}}.outbox.attempts IS 'class=none';
COMMENT ON COLUMN {{schema}}.outbox.reason
  IS 'class=none; a word or a reply code, why the last attempt failed';
COMMENT ON COLUMN {{schema}}.outbox.dead_at IS 'class=none; NULL unless it was given up';

-- When which of them is to be tried next: rows of the platform, so that one look finds what is due
-- of all organisations.
CREATE TABLE {{schema}}.outbox_due (
  tenant_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  outbox_id uuid NOT NULL,
  next_attempt_at timestamptz NOT NULL,
  is_dead boolean NOT NULL DEFAULT false,
  CONSTRAINT outbox_due_pkey PRIMARY KEY (tenant_id, organisation_id, outbox_id)
);
CREATE INDEX outbox_due_next ON {{schema}}.outbox_due (tenant_id, next_attempt_at);
CREATE INDEX outbox_due_turn
  ON {{schema}}.outbox_due (tenant_id, organisation_id, next_attempt_at);

ALTER TABLE {{schema}}.outbox_due ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.outbox_due FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.outbox_due
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.outbox_due TO {{runtime}};
COMMENT ON COLUMN {{schema}}.outbox_due.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.outbox_due.organisation_id IS 'class=none; whose outbox it is in';
COMMENT ON COLUMN {{schema}}.outbox_due.outbox_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.outbox_due.next_attempt_at
  IS 'class=none; of one that was given up: when it goes';
COMMENT ON COLUMN {{schema}}.outbox_due.is_dead IS 'class=none; it was given up';
