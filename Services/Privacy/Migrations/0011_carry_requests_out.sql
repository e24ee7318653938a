-- Requests are carried out in the background, step by step; their kinds, states and decisions;
-- legal holds; one-time downloads; proof of identity.
ALTER TABLE {{schema}}.request
  ADD COLUMN purpose text NOT NULL DEFAULT '',
  ADD COLUMN recipient text NOT NULL DEFAULT '',
  ADD COLUMN asked_by_subject boolean NOT NULL DEFAULT false,
  ADD COLUMN decided_by uuid,
  ADD COLUMN decided_at timestamptz,
  ADD COLUMN refusal_ground text,
  ADD COLUMN extended_at timestamptz,
  ADD COLUMN begun_at timestamptz,
  ADD COLUMN next_attempt_at timestamptz,
  ADD COLUMN certificate text;
COMMENT ON COLUMN {{schema}}.request.purpose
  IS 'class=none; of the catalogue; empty where the kind has none';
COMMENT ON COLUMN {{schema}}.request.recipient
  IS 'class=none; the organisation that a portability request names';
COMMENT ON COLUMN {{schema}}.request.asked_by_subject
  IS 'class=none; by the person, not by an officer';
COMMENT ON COLUMN {{schema}}.request.decided_by
  IS 'class=pseudonym; who approved, accepted, refused or withdrew it; NULL once erased';
COMMENT ON COLUMN {{schema}}.request.decided_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.request.refusal_ground
  IS 'class=none; of the law, by its name in the schema';
COMMENT ON COLUMN {{schema}}.request.extended_at IS 'class=none; NULL: the first due date holds';
COMMENT ON COLUMN {{schema}}.request.begun_at
  IS 'class=none; when it was first carried out: no hold and no withdrawal comes after';
COMMENT ON COLUMN {{schema}}.request.next_attempt_at
  IS 'class=none; when a failed step is tried again, or a hold ends';
COMMENT ON COLUMN {{schema}}.request.certificate
  IS 'class=none; of a completed erasure, signed; names nobody';

ALTER TABLE {{schema}}.request DROP CONSTRAINT request_kind, DROP CONSTRAINT request_state;
-- allow not-valid: an organisation has few requests, and the older, narrower check held for them
ALTER TABLE {{schema}}.request ADD CONSTRAINT request_kind CHECK (kind IN (
  'access', 'erasure', 'rectification', 'portability', 'objection', 'withdrawal', 'restriction'));
-- allow not-valid: as above
ALTER TABLE {{schema}}.request ADD CONSTRAINT request_state CHECK (state IN (
  'running', 'completed', 'incomplete', 'waiting_for_acceptance', 'waiting_for_approval', 'in_hand',
  'on_hold', 'refused', 'withdrawn'));
-- allow index: an organisation has few requests; the name is what the previous binary looks for
DROP INDEX {{schema}}.request_open_key;
-- allow index: as above
CREATE UNIQUE INDEX request_open_key ON {{schema}}.request (tenant_id, subject_id, kind, purpose)
  WHERE state NOT IN ('completed', 'refused', 'withdrawn') AND kind <> 'rectification';
-- allow index: as above
CREATE INDEX request_due_at ON {{schema}}.request (tenant_id, due_at)
  WHERE state NOT IN ('completed', 'refused', 'withdrawn');

ALTER TABLE {{schema}}.request_step
  ADD COLUMN erase_receipt text NOT NULL DEFAULT '',
  ADD COLUMN scan_receipt text NOT NULL DEFAULT '',
  ADD COLUMN receipt_key bytea NOT NULL DEFAULT '';
COMMENT ON COLUMN {{schema}}.request_step.erase_receipt
  IS 'class=none; signed by the service; names nobody';
COMMENT ON COLUMN {{schema}}.request_step.scan_receipt
  IS 'class=none; signed by the service; names nobody';
COMMENT ON COLUMN {{schema}}.request_step.receipt_key IS 'class=none; public, Ed25519';

-- Which request is to be worked at next: rows of the platform, so that one look finds what is due
-- of all organisations.
CREATE TABLE {{schema}}.request_due (
  tenant_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  request_id uuid NOT NULL,
  next_attempt_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  lease_id uuid,
  CONSTRAINT request_due_pkey PRIMARY KEY (tenant_id, organisation_id, request_id)
);
CREATE INDEX request_due_next ON {{schema}}.request_due (tenant_id, next_attempt_at);

ALTER TABLE {{schema}}.request_due ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.request_due FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.request_due
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.request_due TO {{runtime}};
COMMENT ON COLUMN {{schema}}.request_due.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.request_due.organisation_id IS 'class=none; whose request it is';
COMMENT ON COLUMN {{schema}}.request_due.request_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.request_due.next_attempt_at
  IS 'class=none; or the end of the lease of who is at it';
COMMENT ON COLUMN {{schema}}.request_due.attempts
  IS 'class=none; begun since the last step that went well';
COMMENT ON COLUMN {{schema}}.request_due.lease_id IS 'class=none; of the process that is at it';

-- What the person and the officers say, and what a scan looks for while an erasure runs.
CREATE TABLE {{schema}}.request_text (
  tenant_id uuid NOT NULL,
  text_id uuid NOT NULL,
  request_id uuid NOT NULL,
  kind text NOT NULL,
  sealed bytea NOT NULL,
  CONSTRAINT request_text_pkey PRIMARY KEY (tenant_id, text_id),
  CONSTRAINT request_text_key UNIQUE (tenant_id, request_id, kind),
  CONSTRAINT request_text_request FOREIGN KEY (tenant_id, request_id)
    REFERENCES {{schema}}.request (tenant_id, request_id),
  CONSTRAINT request_text_kind CHECK (kind IN (
    'field', 'new_value', 'explanation', 'refusal', 'extension', 'outcome', 'needles'))
);

ALTER TABLE {{schema}}.request_text ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.request_text FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.request_text
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON {{schema}}.request_text TO {{runtime}};
COMMENT ON COLUMN {{schema}}.request_text.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.request_text.text_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.request_text.request_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.request_text.kind IS 'class=none; what the text is';
COMMENT ON COLUMN {{schema}}.request_text.sealed
  IS 'class=confidential; sealed under the person''s key: erasure takes it along';

-- Clause 12h.
CREATE TABLE {{schema}}.legal_hold (
  tenant_id uuid NOT NULL,
  hold_id uuid NOT NULL,
  subject_id uuid,
  ground text NOT NULL,
  reference text NOT NULL,
  owner_id uuid,
  placed_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  released_at timestamptz,
  CONSTRAINT legal_hold_pkey PRIMARY KEY (tenant_id, hold_id),
  CONSTRAINT legal_hold_ground CHECK (ground IN ('dispute', 'audit', 'legal_duty'))
);
CREATE INDEX legal_hold_subject ON {{schema}}.legal_hold (tenant_id, subject_id);
CREATE INDEX legal_hold_placed
  ON {{schema}}.legal_hold (tenant_id, placed_at DESC, hold_id DESC);

ALTER TABLE {{schema}}.legal_hold ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.legal_hold FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.legal_hold
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON {{schema}}.legal_hold TO {{runtime}};
COMMENT ON COLUMN {{schema}}.legal_hold.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.legal_hold.hold_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.legal_hold.subject_id
  IS 'class=pseudonym; whose data are kept; NULL once that person was erased';
COMMENT ON COLUMN {{schema}}.legal_hold.ground IS 'class=none';
COMMENT ON COLUMN {{schema}}.legal_hold.reference
  IS 'class=none; the organisation''s own, of the matter';
COMMENT ON COLUMN {{schema}}.legal_hold.owner_id
  IS 'class=pseudonym; who placed it; NULL once that person was erased';
COMMENT ON COLUMN {{schema}}.legal_hold.placed_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.legal_hold.expires_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.legal_hold.released_at IS 'class=none';

-- Clause 35.
CREATE TABLE {{schema}}.download (
  tenant_id uuid NOT NULL,
  request_id uuid NOT NULL,
  code_digest bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  CONSTRAINT download_pkey PRIMARY KEY (tenant_id, request_id),
  CONSTRAINT download_request FOREIGN KEY (tenant_id, request_id)
    REFERENCES {{schema}}.request (tenant_id, request_id),
  CONSTRAINT download_digest CHECK (octet_length(code_digest) = 32)
);

ALTER TABLE {{schema}}.download ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.download FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.download
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.download TO {{runtime}};
COMMENT ON COLUMN {{schema}}.download.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.download.request_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.download.code_digest IS 'class=secret; SHA-256 of a random code';
COMMENT ON COLUMN {{schema}}.download.expires_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.download.used_at IS 'class=none';

-- Clause 37.
CREATE TABLE {{schema}}.proof (
  tenant_id uuid NOT NULL,
  request_id uuid NOT NULL,
  form text NOT NULL,
  sealed_copy bytea,
  attested_by uuid,
  attached_at timestamptz NOT NULL,
  checked_by uuid,
  checked_at timestamptz,
  identified boolean,
  CONSTRAINT proof_pkey PRIMARY KEY (tenant_id, request_id),
  CONSTRAINT proof_request FOREIGN KEY (tenant_id, request_id)
    REFERENCES {{schema}}.request (tenant_id, request_id),
  CONSTRAINT proof_form CHECK (form IN ('text', 'pdf', 'image')),
  CONSTRAINT proof_checked CHECK (
    (checked_at IS NULL) = (identified IS NULL)
    AND (checked_at IS NULL OR sealed_copy IS NULL))
);

ALTER TABLE {{schema}}.proof ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.proof FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.proof
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.proof TO {{runtime}};
COMMENT ON COLUMN {{schema}}.proof.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.proof.request_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.proof.form IS 'class=none; text, pdf or image';
COMMENT ON COLUMN {{schema}}.proof.sealed_copy
  IS 'class=confidential; sealed under the person''s key; NULL once checked';
COMMENT ON COLUMN {{schema}}.proof.attested_by
  IS 'class=pseudonym; who attested that all four are blacked out; NULL once erased';
COMMENT ON COLUMN {{schema}}.proof.attached_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.proof.checked_by
  IS 'class=pseudonym; who checked it; NULL once erased';
COMMENT ON COLUMN {{schema}}.proof.checked_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.proof.identified IS 'class=none; NULL until it is checked';
