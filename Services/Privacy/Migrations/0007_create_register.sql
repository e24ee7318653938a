-- The registers of clauses 12d, 12g, 19 and 30 to 32.

-- What is announced is never changed: a change is a version of its own, with its own notice.
CREATE TABLE {{schema}}.sub_processor (
  tenant_id uuid NOT NULL,
  sub_processor_id uuid NOT NULL,
  version integer NOT NULL,
  name text NOT NULL,
  service text NOT NULL,
  agreement_reference text NOT NULL,
  agreement_signed_on date NOT NULL,
  country text NOT NULL,
  safeguards text NOT NULL,
  mechanism text,
  basis_reference text,
  basis_ground text,
  announced_at timestamptz NOT NULL,
  objections_until timestamptz NOT NULL,
  in_force_at timestamptz NOT NULL,
  ended_at timestamptz,
  CONSTRAINT sub_processor_pkey PRIMARY KEY (tenant_id, sub_processor_id, version),
  CONSTRAINT sub_processor_version CHECK (version > 0),
  CONSTRAINT sub_processor_mechanism CHECK (mechanism IN
    ('standard_contractual_clauses', 'binding_corporate_rules', 'derogation',
    'adequacy_decision')),
  CONSTRAINT sub_processor_in_force
    CHECK (in_force_at >= objections_until AND objections_until >= announced_at)
);
CREATE INDEX sub_processor_announced
  ON {{schema}}.sub_processor (tenant_id, announced_at DESC, sub_processor_id DESC);
ALTER TABLE {{schema}}.sub_processor ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.sub_processor FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.sub_processor
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT ON {{schema}}.sub_processor TO {{runtime}};
GRANT UPDATE (ended_at) ON {{schema}}.sub_processor TO {{runtime}};
COMMENT ON COLUMN {{schema}}.sub_processor.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.sub_processor.sub_processor_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.sub_processor.version IS 'class=none; 1, 2, 3 … of the sub-processor';
COMMENT ON COLUMN {{schema}}.sub_processor.name IS 'class=none; of a company';
COMMENT ON COLUMN {{schema}}.sub_processor.service IS 'class=none';
COMMENT ON COLUMN {{schema}}.sub_processor.agreement_reference IS 'class=none';
COMMENT ON COLUMN {{schema}}.sub_processor.agreement_signed_on IS 'class=none';
COMMENT ON COLUMN {{schema}}.sub_processor.country IS 'class=none; ISO 3166-1';
COMMENT ON COLUMN {{schema}}.sub_processor.safeguards IS 'class=none';
COMMENT ON COLUMN {{schema}}.sub_processor.mechanism IS 'class=none; NULL within the EEA';
COMMENT ON COLUMN {{schema}}.sub_processor.basis_reference IS 'class=none';
COMMENT ON COLUMN {{schema}}.sub_processor.basis_ground IS 'class=none';
COMMENT ON COLUMN {{schema}}.sub_processor.announced_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.sub_processor.objections_until IS 'class=none';
COMMENT ON COLUMN {{schema}}.sub_processor.in_force_at
  IS 'class=none; never before the objection period has ended';
COMMENT ON COLUMN {{schema}}.sub_processor.ended_at IS 'class=none';

CREATE TABLE {{schema}}.sub_processor_objection (
  tenant_id uuid NOT NULL,
  sub_processor_id uuid NOT NULL,
  version integer NOT NULL,
  reason text NOT NULL,
  objected_at timestamptz NOT NULL,
  objected_by uuid,
  CONSTRAINT sub_processor_objection_pkey
    PRIMARY KEY (tenant_id, sub_processor_id, version)
);
ALTER TABLE {{schema}}.sub_processor_objection ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.sub_processor_objection FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.sub_processor_objection
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON {{schema}}.sub_processor_objection TO {{runtime}};
COMMENT ON COLUMN {{schema}}.sub_processor_objection.tenant_id
  IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.sub_processor_objection.sub_processor_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.sub_processor_objection.version IS 'class=none';
COMMENT ON COLUMN {{schema}}.sub_processor_objection.reason
  IS 'class=none; about the sub-processor';
COMMENT ON COLUMN {{schema}}.sub_processor_objection.objected_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.sub_processor_objection.objected_by
  IS 'class=pseudonym; NULL once that person was erased';

-- Which organisations have objected, for the operators: the objection is the organisation's row.
CREATE TABLE {{schema}}.sub_processor_objector (
  tenant_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  sub_processor_id uuid NOT NULL,
  version integer NOT NULL,
  objected_at timestamptz NOT NULL,
  CONSTRAINT sub_processor_objector_pkey
    PRIMARY KEY (tenant_id, organisation_id, sub_processor_id, version)
);
CREATE INDEX sub_processor_objector_objected
  ON {{schema}}.sub_processor_objector (tenant_id, objected_at DESC, organisation_id DESC);
ALTER TABLE {{schema}}.sub_processor_objector ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.sub_processor_objector FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.sub_processor_objector
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.sub_processor_objector TO {{runtime}};
COMMENT ON COLUMN {{schema}}.sub_processor_objector.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.sub_processor_objector.organisation_id IS 'class=none; who objected';
COMMENT ON COLUMN {{schema}}.sub_processor_objector.sub_processor_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.sub_processor_objector.version IS 'class=none';
COMMENT ON COLUMN {{schema}}.sub_processor_objector.objected_at IS 'class=none';

CREATE TABLE {{schema}}.transfer (
  tenant_id uuid NOT NULL,
  transfer_id uuid NOT NULL,
  recipient text NOT NULL,
  country text NOT NULL,
  mechanism text NOT NULL,
  basis_reference text,
  basis_ground text,
  begins_on date NOT NULL,
  recorded_at timestamptz NOT NULL,
  ended_at timestamptz,
  CONSTRAINT transfer_pkey PRIMARY KEY (tenant_id, transfer_id),
  CONSTRAINT transfer_mechanism CHECK (mechanism IN
    ('standard_contractual_clauses', 'binding_corporate_rules', 'derogation',
    'adequacy_decision'))
);
CREATE INDEX transfer_recorded
  ON {{schema}}.transfer (tenant_id, recorded_at DESC, transfer_id DESC);
ALTER TABLE {{schema}}.transfer ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.transfer FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.transfer
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT ON {{schema}}.transfer TO {{runtime}};
GRANT UPDATE (ended_at) ON {{schema}}.transfer TO {{runtime}};
COMMENT ON COLUMN {{schema}}.transfer.tenant_id
  IS 'class=none; the client organisation, or the platform';
COMMENT ON COLUMN {{schema}}.transfer.transfer_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.transfer.recipient IS 'class=none; of a company or authority';
COMMENT ON COLUMN {{schema}}.transfer.country IS 'class=none; ISO 3166-1, outside the EEA';
COMMENT ON COLUMN {{schema}}.transfer.mechanism IS 'class=none';
COMMENT ON COLUMN {{schema}}.transfer.basis_reference IS 'class=none';
COMMENT ON COLUMN {{schema}}.transfer.basis_ground IS 'class=none';
COMMENT ON COLUMN {{schema}}.transfer.begins_on IS 'class=none';
COMMENT ON COLUMN {{schema}}.transfer.recorded_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.transfer.ended_at IS 'class=none';

CREATE TABLE {{schema}}.storage_instruction (
  tenant_id uuid NOT NULL,
  countries text[] NOT NULL,
  reference text NOT NULL,
  instructed_at timestamptz NOT NULL,
  instructed_by uuid,
  CONSTRAINT storage_instruction_pkey PRIMARY KEY (tenant_id)
);
ALTER TABLE {{schema}}.storage_instruction ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.storage_instruction FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.storage_instruction
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON {{schema}}.storage_instruction TO {{runtime}};
COMMENT ON COLUMN {{schema}}.storage_instruction.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.storage_instruction.countries
  IS 'class=none; of the EU, besides the Netherlands';
COMMENT ON COLUMN {{schema}}.storage_instruction.reference IS 'class=none';
COMMENT ON COLUMN {{schema}}.storage_instruction.instructed_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.storage_instruction.instructed_by
  IS 'class=pseudonym; NULL once that person was erased';

CREATE TABLE {{schema}}.storage_location (
  tenant_id uuid NOT NULL,
  storage_location_id uuid NOT NULL,
  service text NOT NULL,
  kind text NOT NULL,
  country text NOT NULL,
  place text NOT NULL,
  recorded_at timestamptz NOT NULL,
  ended_at timestamptz,
  CONSTRAINT storage_location_pkey PRIMARY KEY (tenant_id, storage_location_id),
  CONSTRAINT storage_location_kind CHECK (kind IN ('data', 'backup', 'keys'))
);
CREATE INDEX storage_location_recorded
  ON {{schema}}.storage_location (tenant_id, recorded_at DESC, storage_location_id DESC);
ALTER TABLE {{schema}}.storage_location ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.storage_location FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.storage_location
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT ON {{schema}}.storage_location TO {{runtime}};
GRANT UPDATE (ended_at) ON {{schema}}.storage_location TO {{runtime}};
COMMENT ON COLUMN {{schema}}.storage_location.tenant_id
  IS 'class=none; the client organisation, or the platform';
COMMENT ON COLUMN {{schema}}.storage_location.storage_location_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.storage_location.service IS 'class=none';
COMMENT ON COLUMN {{schema}}.storage_location.kind IS 'class=none';
COMMENT ON COLUMN {{schema}}.storage_location.country IS 'class=none; ISO 3166-1';
COMMENT ON COLUMN {{schema}}.storage_location.place IS 'class=none; of a company';
COMMENT ON COLUMN {{schema}}.storage_location.recorded_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.storage_location.ended_at IS 'class=none';

CREATE TABLE {{schema}}.legal_demand (
  tenant_id uuid NOT NULL,
  legal_demand_id uuid NOT NULL,
  authority text NOT NULL,
  legal_basis text NOT NULL,
  matter bytea NOT NULL,
  received_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  CONSTRAINT legal_demand_pkey PRIMARY KEY (tenant_id, legal_demand_id)
);
CREATE INDEX legal_demand_recorded
  ON {{schema}}.legal_demand (tenant_id, recorded_at DESC, legal_demand_id DESC);
ALTER TABLE {{schema}}.legal_demand ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.legal_demand FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.legal_demand
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT ON {{schema}}.legal_demand TO {{runtime}};
COMMENT ON COLUMN {{schema}}.legal_demand.tenant_id
  IS 'class=none; the client organisation, or the platform';
COMMENT ON COLUMN {{schema}}.legal_demand.legal_demand_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.legal_demand.authority IS 'class=none';
COMMENT ON COLUMN {{schema}}.legal_demand.legal_basis IS 'class=none';
COMMENT ON COLUMN {{schema}}.legal_demand.matter
  IS 'class=confidential; sealed under the organisation''s key';
COMMENT ON COLUMN {{schema}}.legal_demand.received_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.legal_demand.recorded_at IS 'class=none';

-- A log: the runtime role can neither change nor delete what stands in it.
CREATE TABLE {{schema}}.disclosure (
  tenant_id uuid NOT NULL,
  disclosure_id uuid NOT NULL,
  legal_demand_id uuid NOT NULL,
  disclosed bytea NOT NULL,
  ground text NOT NULL,
  disclosed_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  CONSTRAINT disclosure_pkey PRIMARY KEY (tenant_id, disclosure_id),
  CONSTRAINT disclosure_demand FOREIGN KEY (tenant_id, legal_demand_id)
    REFERENCES {{schema}}.legal_demand (tenant_id, legal_demand_id)
);
CREATE INDEX disclosure_demand
  ON {{schema}}.disclosure (tenant_id, legal_demand_id, disclosed_at);
ALTER TABLE {{schema}}.disclosure ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.disclosure FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.disclosure
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT ON {{schema}}.disclosure TO {{runtime}};
COMMENT ON COLUMN {{schema}}.disclosure.tenant_id
  IS 'class=none; the client organisation, or the platform';
COMMENT ON COLUMN {{schema}}.disclosure.disclosure_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.disclosure.legal_demand_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.disclosure.disclosed
  IS 'class=confidential; sealed under the organisation''s key';
COMMENT ON COLUMN {{schema}}.disclosure.ground IS 'class=none';
COMMENT ON COLUMN {{schema}}.disclosure.disclosed_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.disclosure.recorded_at IS 'class=none';

CREATE TABLE {{schema}}.collector (
  tenant_id uuid NOT NULL,
  collector_id uuid NOT NULL,
  name text NOT NULL,
  reference text NOT NULL,
  recorded_at timestamptz NOT NULL,
  ended_at timestamptz,
  CONSTRAINT collector_pkey PRIMARY KEY (tenant_id, collector_id)
);
ALTER TABLE {{schema}}.collector ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.collector FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.collector
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT ON {{schema}}.collector TO {{runtime}};
GRANT UPDATE (ended_at) ON {{schema}}.collector TO {{runtime}};
COMMENT ON COLUMN {{schema}}.collector.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.collector.collector_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.collector.name IS 'class=none; of a company';
COMMENT ON COLUMN {{schema}}.collector.reference IS 'class=none';
COMMENT ON COLUMN {{schema}}.collector.recorded_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.collector.ended_at IS 'class=none';

CREATE TABLE {{schema}}.cookie (
  tenant_id uuid NOT NULL,
  name text NOT NULL,
  party text NOT NULL,
  purpose text NOT NULL,
  necessary boolean NOT NULL,
  lifetime_days integer NOT NULL,
  CONSTRAINT cookie_pkey PRIMARY KEY (tenant_id, name)
);
ALTER TABLE {{schema}}.cookie ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.cookie FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.cookie
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.cookie TO {{runtime}};
COMMENT ON COLUMN {{schema}}.cookie.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.cookie.name IS 'class=none';
COMMENT ON COLUMN {{schema}}.cookie.party IS 'class=none';
COMMENT ON COLUMN {{schema}}.cookie.purpose IS 'class=none';
COMMENT ON COLUMN {{schema}}.cookie.necessary IS 'class=none; it needs no consent';
COMMENT ON COLUMN {{schema}}.cookie.lifetime_days IS 'class=none; 0: until the browser is closed';
