-- The end of an organisation (clause 29): a tombstone, from which on the database itself takes no
-- new row of it, whatever process writes one.
CREATE TABLE {{schema}}.tenant_erasure (
  tenant_id uuid NOT NULL,
  erasure_id uuid NOT NULL,
  begun_at timestamptz NOT NULL,
  erased_at timestamptz,
  counts jsonb NOT NULL,
  CONSTRAINT tenant_erasure_pkey PRIMARY KEY (tenant_id),
  CONSTRAINT tenant_erasure_client
    CHECK (tenant_id <> '00000000-0000-0000-0000-000000000000'::uuid)
);
ALTER TABLE {{schema}}.tenant_erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.tenant_erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.tenant_erasure
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
-- It stays: without the right to delete one nobody brings an organisation back.
GRANT SELECT, INSERT ON {{schema}}.tenant_erasure TO {{runtime}};
GRANT UPDATE (erased_at, counts) ON {{schema}}.tenant_erasure TO {{runtime}};
COMMENT ON COLUMN {{schema}}.tenant_erasure.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.tenant_erasure.erasure_id
  IS 'class=none; as the privacy service calls it';
COMMENT ON COLUMN {{schema}}.tenant_erasure.begun_at IS 'class=none; no row is taken since';
COMMENT ON COLUMN {{schema}}.tenant_erasure.erased_at
  IS 'class=none; rows and keys were gone for the first time';
COMMENT ON COLUMN {{schema}}.tenant_erasure.counts IS 'class=none; deleted rows by table';

-- Whether the transaction's organisation has a tombstone.
CREATE FUNCTION {{schema}}.tenant_is_erased() RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (SELECT FROM {{schema}}.tenant_erasure
    WHERE tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
END
$$;
-- A function, as Citus takes no sub-query in a policy; it fails by a name that a service can tell.
CREATE FUNCTION {{schema}}.demand_living_tenant() RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF {{schema}}.tenant_is_erased() THEN
    RAISE EXCEPTION 'the organisation is erased'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'living_tenant';
  END IF;
  RETURN true;
END
$$;

CREATE POLICY living ON {{schema}}.newsletter_issue AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.notice AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.outbox AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.outbox_due AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.subscriber AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.acceptance AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.access_entry AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.access_head AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.access_node AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.application AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.archive_chunk AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.breach AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.breach_affected AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.breach_entry AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.breach_notice AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.collector AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.complaint AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.consent_event AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.cookie AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.disclosure AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.download AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.instruction AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.intake_case AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.kept_answer AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.legal_demand AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.legal_hold AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.observed_method AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.proof AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.purpose_freeze AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.purpose_mark AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.request AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.request_due AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.request_step AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.request_text AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.retention_hold AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.retention_report AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.self_test AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.statement AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.storage_instruction AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.storage_location AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.sub_processor AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.sub_processor_objection AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.sub_processor_objector AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
CREATE POLICY living ON {{schema}}.transfer AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());

-- What nothing may take out of registers and ledgers while the organisation is a client goes with
-- it (GDPR Art. 28(3)(g)): its keys are destroyed, and what is sealed says nothing any more. The
-- right to delete holds for organisations with a tombstone alone, and so never for the platform.
GRANT DELETE ON {{schema}}.statement TO {{runtime}};
CREATE POLICY ending ON {{schema}}.statement AS RESTRICTIVE FOR DELETE
  USING ({{schema}}.tenant_is_erased());
GRANT DELETE ON {{schema}}.instruction TO {{runtime}};
CREATE POLICY ending ON {{schema}}.instruction AS RESTRICTIVE FOR DELETE
  USING ({{schema}}.tenant_is_erased());
GRANT DELETE ON {{schema}}.sub_processor_objection TO {{runtime}};
CREATE POLICY ending ON {{schema}}.sub_processor_objection AS RESTRICTIVE FOR DELETE
  USING ({{schema}}.tenant_is_erased());
GRANT DELETE ON {{schema}}.transfer TO {{runtime}};
CREATE POLICY ending ON {{schema}}.transfer AS RESTRICTIVE FOR DELETE
  USING ({{schema}}.tenant_is_erased());
GRANT DELETE ON {{schema}}.storage_instruction TO {{runtime}};
CREATE POLICY ending ON {{schema}}.storage_instruction AS RESTRICTIVE FOR DELETE
  USING ({{schema}}.tenant_is_erased());
GRANT DELETE ON {{schema}}.storage_location TO {{runtime}};
CREATE POLICY ending ON {{schema}}.storage_location AS RESTRICTIVE FOR DELETE
  USING ({{schema}}.tenant_is_erased());
GRANT DELETE ON {{schema}}.legal_demand TO {{runtime}};
CREATE POLICY ending ON {{schema}}.legal_demand AS RESTRICTIVE FOR DELETE
  USING ({{schema}}.tenant_is_erased());
GRANT DELETE ON {{schema}}.disclosure TO {{runtime}};
CREATE POLICY ending ON {{schema}}.disclosure AS RESTRICTIVE FOR DELETE
  USING ({{schema}}.tenant_is_erased());
GRANT DELETE ON {{schema}}.collector TO {{runtime}};
CREATE POLICY ending ON {{schema}}.collector AS RESTRICTIVE FOR DELETE
  USING ({{schema}}.tenant_is_erased());
GRANT DELETE ON {{schema}}.access_entry TO {{runtime}};
CREATE POLICY ending ON {{schema}}.access_entry AS RESTRICTIVE FOR DELETE
  USING ({{schema}}.tenant_is_erased());
GRANT DELETE ON {{schema}}.access_node TO {{runtime}};
CREATE POLICY ending ON {{schema}}.access_node AS RESTRICTIVE FOR DELETE
  USING ({{schema}}.tenant_is_erased());
GRANT DELETE ON {{schema}}.access_head TO {{runtime}};
CREATE POLICY ending ON {{schema}}.access_head AS RESTRICTIVE FOR DELETE
  USING ({{schema}}.tenant_is_erased());

-- These go by terms of their own as well (clause 28).
GRANT DELETE ON {{schema}}.request, {{schema}}.request_step, {{schema}}.legal_hold TO {{runtime}};

-- Erasures of whole organisations, from the report that one is due to the certificate; rows of the
-- platform, which outlive the organisation.
CREATE TABLE {{schema}}.organisation_erasure (
  tenant_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  erasure_id uuid NOT NULL,
  state text NOT NULL,
  reported_at timestamptz NOT NULL,
  begun_at timestamptz,
  completed_at timestamptz,
  holds integer NOT NULL DEFAULT 0,
  on_hold_until timestamptz,
  problem text,
  erasure_order text NOT NULL DEFAULT '',
  order_key bytea NOT NULL DEFAULT '',
  certificate text,
  next_attempt_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  lease_id uuid,
  CONSTRAINT organisation_erasure_pkey PRIMARY KEY (tenant_id, organisation_id),
  CONSTRAINT organisation_erasure_state
    CHECK (state IN ('waiting', 'on_hold', 'running', 'completed')),
  CONSTRAINT organisation_erasure_completed CHECK ((state = 'completed') = (certificate IS NOT NULL)
    AND (state = 'completed') = (completed_at IS NOT NULL))
);
CREATE INDEX organisation_erasure_next
  ON {{schema}}.organisation_erasure (tenant_id, next_attempt_at);
CREATE INDEX organisation_erasure_reported
  ON {{schema}}.organisation_erasure (tenant_id, reported_at DESC, organisation_id DESC);

CREATE TABLE {{schema}}.organisation_erasure_step (
  tenant_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  service text NOT NULL,
  done boolean NOT NULL,
  rows_erased bigint NOT NULL,
  rows_kept bigint NOT NULL,
  erase_receipt text NOT NULL,
  scan_receipt text NOT NULL,
  receipt_key bytea NOT NULL,
  CONSTRAINT organisation_erasure_step_pkey PRIMARY KEY (tenant_id, organisation_id, service),
  CONSTRAINT organisation_erasure_step_erasure FOREIGN KEY (tenant_id, organisation_id)
    REFERENCES {{schema}}.organisation_erasure (tenant_id, organisation_id) ON DELETE CASCADE
);

ALTER TABLE {{schema}}.organisation_erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.organisation_erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.organisation_erasure
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
CREATE POLICY living ON {{schema}}.organisation_erasure AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
ALTER TABLE {{schema}}.organisation_erasure_step ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.organisation_erasure_step FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.organisation_erasure_step
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
CREATE POLICY living ON {{schema}}.organisation_erasure_step AS RESTRICTIVE FOR INSERT
  WITH CHECK ({{schema}}.demand_living_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.organisation_erasure TO {{runtime}};
GRANT SELECT, INSERT, UPDATE ON {{schema}}.organisation_erasure_step TO {{runtime}};

COMMENT ON COLUMN {{schema}}.organisation_erasure.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.organisation_erasure.organisation_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.organisation_erasure.erasure_id IS 'class=none; of the receipts';
COMMENT ON COLUMN {{schema}}.organisation_erasure.state IS 'class=none';
COMMENT ON COLUMN {{schema}}.organisation_erasure.reported_at
  IS 'class=none; when identity said that it is due';
COMMENT ON COLUMN {{schema}}.organisation_erasure.begun_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.organisation_erasure.completed_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.organisation_erasure.holds IS 'class=none; that stop it';
COMMENT ON COLUMN {{schema}}.organisation_erasure.on_hold_until
  IS 'class=none; the end of the last of them';
COMMENT ON COLUMN {{schema}}.organisation_erasure.problem
  IS 'class=none; which service did not do what; never what it said';
COMMENT ON COLUMN {{schema}}.organisation_erasure.erasure_order
  IS 'class=none; signed by identity; empty before it began';
COMMENT ON COLUMN {{schema}}.organisation_erasure.order_key IS 'class=none; public, Ed25519';
COMMENT ON COLUMN {{schema}}.organisation_erasure.certificate IS 'class=none; names nobody';
COMMENT ON COLUMN {{schema}}.organisation_erasure.next_attempt_at
  IS 'class=none; or the end of the lease of who is at it; NULL once completed';
COMMENT ON COLUMN {{schema}}.organisation_erasure.attempts
  IS 'class=none; since the last step that went well';
COMMENT ON COLUMN {{schema}}.organisation_erasure.lease_id
  IS 'class=none; of the process that is at it';
COMMENT ON COLUMN {{schema}}.organisation_erasure_step.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.organisation_erasure_step.organisation_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.organisation_erasure_step.service IS 'class=none';
COMMENT ON COLUMN {{schema}}.organisation_erasure_step.done IS 'class=none';
COMMENT ON COLUMN {{schema}}.organisation_erasure_step.rows_erased IS 'class=none';
COMMENT ON COLUMN {{schema}}.organisation_erasure_step.rows_kept IS 'class=none; with a ground';
COMMENT ON COLUMN {{schema}}.organisation_erasure_step.erase_receipt
  IS 'class=none; signed by the service';
COMMENT ON COLUMN {{schema}}.organisation_erasure_step.scan_receipt
  IS 'class=none; signed by the service';
COMMENT ON COLUMN {{schema}}.organisation_erasure_step.receipt_key
  IS 'class=none; public, Ed25519';

-- allow not-valid: a handful of rows, for which the older, narrower check held
ALTER TABLE {{schema}}.retention_hold DROP CONSTRAINT retention_hold_category,
  ADD CONSTRAINT retention_hold_category
    CHECK (category IN ('application', 'breach', 'subscriber', 'organisation'));
-- allow not-valid: as above
ALTER TABLE {{schema}}.retention_report DROP CONSTRAINT retention_report_category,
  ADD CONSTRAINT retention_report_category CHECK (category IN (
    'application', 'breach', 'subscriber', 'archive', 'request', 'legal_hold', 'freeze',
    'complaint', 'breach_notice'));
