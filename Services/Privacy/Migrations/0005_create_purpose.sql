-- What is stopped, for whom, and on whose word (clauses 10, 11, 13, 34).

-- The ledger of consents: entries are added, and go with the person alone.
CREATE TABLE {{schema}}.consent_event (
  tenant_id uuid NOT NULL,
  event_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  purpose text NOT NULL,
  act text NOT NULL,
  statement_version integer,
  document text NOT NULL,
  signature bytea NOT NULL,
  key_id text NOT NULL,
  happened_at timestamptz NOT NULL,
  CONSTRAINT consent_event_pkey PRIMARY KEY (tenant_id, event_id),
  CONSTRAINT consent_event_act CHECK (act IN ('given', 'withdrawn')),
  CONSTRAINT consent_event_statement FOREIGN KEY (tenant_id, statement_version)
    REFERENCES {{schema}}.statement (tenant_id, version)
);
CREATE INDEX consent_event_subject
  ON {{schema}}.consent_event (tenant_id, subject_id, happened_at DESC);
CREATE INDEX consent_event_version ON {{schema}}.consent_event (tenant_id, statement_version);

CREATE TABLE {{schema}}.purpose_freeze (
  tenant_id uuid NOT NULL,
  freeze_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  purpose text NOT NULL,
  reason text NOT NULL,
  request_id uuid,
  frozen_at timestamptz NOT NULL,
  frozen_by uuid,
  released_at timestamptz,
  released_by uuid,
  CONSTRAINT purpose_freeze_pkey PRIMARY KEY (tenant_id, freeze_id),
  CONSTRAINT purpose_freeze_reason CHECK (reason IN ('objection', 'withdrawal', 'restriction')),
  CONSTRAINT purpose_freeze_request FOREIGN KEY (tenant_id, request_id)
    REFERENCES {{schema}}.request (tenant_id, request_id)
);
-- One in force for each reason.
CREATE UNIQUE INDEX purpose_freeze_in_force
  ON {{schema}}.purpose_freeze (tenant_id, subject_id, purpose, reason)
  WHERE released_at IS NULL;
CREATE INDEX purpose_freeze_frozen
  ON {{schema}}.purpose_freeze (tenant_id, frozen_at DESC, freeze_id DESC);
CREATE INDEX purpose_freeze_request ON {{schema}}.purpose_freeze (tenant_id, request_id);

-- What the organisation said of a purpose; the latest counts.
CREATE TABLE {{schema}}.instruction (
  tenant_id uuid NOT NULL,
  instruction_id uuid NOT NULL,
  purpose text NOT NULL,
  act text NOT NULL,
  reference text NOT NULL,
  decided_by uuid,
  decided_at timestamptz NOT NULL,
  CONSTRAINT instruction_pkey PRIMARY KEY (tenant_id, instruction_id),
  CONSTRAINT instruction_act CHECK (act IN ('given', 'withdrawn'))
);
CREATE INDEX instruction_decided
  ON {{schema}}.instruction (tenant_id, decided_at DESC, instruction_id DESC);

-- What follows from the three for every service: rows of the platform, in the order in which they
-- were committed.
CREATE TABLE {{schema}}.purpose_mark (
  tenant_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  person_id uuid NOT NULL,
  purpose text NOT NULL,
  mark text NOT NULL,
  sequence bigint NOT NULL,
  CONSTRAINT purpose_mark_pkey PRIMARY KEY (tenant_id, organisation_id, person_id, purpose),
  CONSTRAINT purpose_mark_mark CHECK (mark IN ('none', 'stopped', 'allowed'))
);
CREATE UNIQUE INDEX purpose_mark_sequence ON {{schema}}.purpose_mark (tenant_id, sequence);

ALTER TABLE {{schema}}.consent_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.consent_event FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.consent_event
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
ALTER TABLE {{schema}}.purpose_freeze ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.purpose_freeze FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.purpose_freeze
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
ALTER TABLE {{schema}}.instruction ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.instruction FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.instruction
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
ALTER TABLE {{schema}}.purpose_mark ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.purpose_mark FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.purpose_mark
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);

GRANT SELECT, INSERT, DELETE ON {{schema}}.consent_event TO {{runtime}};
GRANT SELECT, INSERT, DELETE ON {{schema}}.purpose_freeze TO {{runtime}};
GRANT UPDATE (released_at, released_by, frozen_by) ON {{schema}}.purpose_freeze TO {{runtime}};
GRANT SELECT, INSERT ON {{schema}}.instruction TO {{runtime}};
GRANT UPDATE (decided_by) ON {{schema}}.instruction TO {{runtime}};
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.purpose_mark TO {{runtime}};

COMMENT ON COLUMN {{schema}}.consent_event.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.consent_event.event_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.consent_event.subject_id IS 'class=pseudonym; who consents';
COMMENT ON COLUMN {{schema}}.consent_event.purpose IS 'class=none; of the catalogue';
COMMENT ON COLUMN {{schema}}.consent_event.act IS 'class=none; given or withdrawn';
COMMENT ON COLUMN {{schema}}.consent_event.statement_version
  IS 'class=none; the statement that was shown; NULL of a withdrawal';
COMMENT ON COLUMN {{schema}}.consent_event.document
  IS 'class=pseudonym; the signed text of the receipt';
COMMENT ON COLUMN {{schema}}.consent_event.signature IS 'class=none; Ed25519 over the document';
COMMENT ON COLUMN {{schema}}.consent_event.key_id IS 'class=none; the key that signed';
COMMENT ON COLUMN {{schema}}.consent_event.happened_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.purpose_freeze.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.purpose_freeze.freeze_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.purpose_freeze.subject_id IS 'class=pseudonym; for whom';
COMMENT ON COLUMN {{schema}}.purpose_freeze.purpose IS 'class=none; of the catalogue';
COMMENT ON COLUMN {{schema}}.purpose_freeze.reason
  IS 'class=none; objection (GDPR Art. 21), withdrawal (Art. 7(3)) or restriction (Art. 18)';
COMMENT ON COLUMN {{schema}}.purpose_freeze.request_id
  IS 'class=none; the request that it follows from';
COMMENT ON COLUMN {{schema}}.purpose_freeze.frozen_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.purpose_freeze.frozen_by
  IS 'class=pseudonym; who decided it; NULL once that person was erased';
COMMENT ON COLUMN {{schema}}.purpose_freeze.released_at IS 'class=none; NULL while in force';
COMMENT ON COLUMN {{schema}}.purpose_freeze.released_by
  IS 'class=pseudonym; who ended it; NULL once that person was erased';
COMMENT ON COLUMN {{schema}}.instruction.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.instruction.instruction_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.instruction.purpose IS 'class=none; of the catalogue';
COMMENT ON COLUMN {{schema}}.instruction.act IS 'class=none; given or withdrawn';
COMMENT ON COLUMN {{schema}}.instruction.reference
  IS 'class=none; where it stands: a letter, an annex';
COMMENT ON COLUMN {{schema}}.instruction.decided_by
  IS 'class=pseudonym; the Authorised Person; NULL once that person was erased';
COMMENT ON COLUMN {{schema}}.instruction.decided_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.purpose_mark.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.purpose_mark.organisation_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.purpose_mark.person_id
  IS 'class=pseudonym; all zero: the organisation, and with it everybody in it';
COMMENT ON COLUMN {{schema}}.purpose_mark.purpose IS 'class=none; of the catalogue';
COMMENT ON COLUMN {{schema}}.purpose_mark.mark IS 'class=none; none, stopped or allowed';
COMMENT ON COLUMN {{schema}}.purpose_mark.sequence
  IS 'class=none; rises with the commits, in microseconds since 1970 at least';
