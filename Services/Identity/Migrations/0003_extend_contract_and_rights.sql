-- What a contract may lack while it is a draft; time zone, policy and end of an organisation;
-- suspension, rights with dates, parental consent and reports about people under 16.

-- allow drop: the previous binary reads no draft, as it makes none
ALTER TABLE {{schema}}.organisation
  ALTER COLUMN contract_begin DROP NOT NULL,
  ALTER COLUMN agreement_reference DROP NOT NULL,
  ALTER COLUMN agreement_signed_on DROP NOT NULL,
  ADD COLUMN erased_at timestamptz,
  ADD COLUMN time_zone text NOT NULL DEFAULT 'Europe/Amsterdam',
  ADD COLUMN second_factor text NOT NULL DEFAULT 'optional',
  ADD COLUMN minimum_password_characters integer,
  ADD COLUMN password_check_seconds integer,
  ADD COLUMN session_idle_seconds integer,
  ADD COLUMN session_absolute_seconds integer,
  ADD COLUMN remembers_devices boolean NOT NULL DEFAULT true,
  ADD COLUMN email_domains text[] NOT NULL DEFAULT '{}',
  ADD COLUMN self_registration boolean NOT NULL DEFAULT false;
GRANT UPDATE ON {{schema}}.organisation TO {{runtime}};
COMMENT ON COLUMN {{schema}}.organisation.erased_at
  IS 'class=none; when its keys were destroyed and its people deleted (clause 29)';
COMMENT ON COLUMN {{schema}}.organisation.time_zone IS 'class=none; by which it counts its days';
COMMENT ON COLUMN {{schema}}.organisation.second_factor
  IS 'class=none; who must have one: optional, administrators, everybody';
COMMENT ON COLUMN {{schema}}.organisation.minimum_password_characters
  IS 'class=none; NULL: as the service is set';
COMMENT ON COLUMN {{schema}}.organisation.password_check_seconds
  IS 'class=none; after which the password is asked again (clause 41), NULL: as the service is set';
COMMENT ON COLUMN {{schema}}.organisation.session_idle_seconds
  IS 'class=none; NULL: as the service is set';
COMMENT ON COLUMN {{schema}}.organisation.session_absolute_seconds
  IS 'class=none; NULL: as the service is set';
COMMENT ON COLUMN {{schema}}.organisation.remembers_devices IS 'class=none';
COMMENT ON COLUMN {{schema}}.organisation.email_domains
  IS 'class=none; in lower case; of the addresses that people choose themselves';
COMMENT ON COLUMN {{schema}}.organisation.self_registration IS 'class=none';

ALTER TABLE {{schema}}.person
  ADD COLUMN suspended_at timestamptz,
  ADD COLUMN under16 boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN {{schema}}.person.suspended_at IS 'class=none; NULL while the account is usable';
COMMENT ON COLUMN {{schema}}.person.under16
  IS 'class=none; needs parental consent (clause 20); no date of birth is kept (clause 9)';

ALTER TABLE {{schema}}.authorised_person ADD COLUMN deputy boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN {{schema}}.authorised_person.deputy
  IS 'class=none; stands in for the Authorised Person, with the same right';

-- A right with dates; what is given until further notice stands in person.roles.
CREATE TABLE {{schema}}.role_grant (
  tenant_id uuid NOT NULL,
  role_grant_id uuid NOT NULL,
  person_id uuid NOT NULL,
  role text NOT NULL,
  valid_from date NOT NULL,
  valid_until date,
  granted_at timestamptz NOT NULL,
  CONSTRAINT role_grant_pkey PRIMARY KEY (tenant_id, role_grant_id),
  CONSTRAINT role_grant_role CHECK (
    role IN ('participant', 'coach', 'manager', 'administrator', 'auditor')),
  CONSTRAINT role_grant_period CHECK (valid_until IS NULL OR valid_from <= valid_until),
  CONSTRAINT role_grant_auditor CHECK (role <> 'auditor' OR valid_until IS NOT NULL),
  CONSTRAINT role_grant_person FOREIGN KEY (tenant_id, person_id)
    REFERENCES {{schema}}.person (tenant_id, person_id) ON DELETE CASCADE
);
CREATE INDEX role_grant_person ON {{schema}}.role_grant (tenant_id, person_id, valid_from);

ALTER TABLE {{schema}}.role_grant ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.role_grant FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.role_grant
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.role_grant TO {{runtime}};
COMMENT ON COLUMN {{schema}}.role_grant.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.role_grant.role_grant_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.role_grant.person_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.role_grant.role IS 'class=none';
COMMENT ON COLUMN {{schema}}.role_grant.valid_from IS 'class=none; first day';
COMMENT ON COLUMN {{schema}}.role_grant.valid_until
  IS 'class=none; last day, NULL until further notice; an auditor has one';
COMMENT ON COLUMN {{schema}}.role_grant.granted_at IS 'class=none';

-- That a parent or guardian agrees to the processing of somebody under 16 (clause 20).
CREATE TABLE {{schema}}.parental_consent (
  tenant_id uuid NOT NULL,
  parental_consent_id uuid NOT NULL,
  person_id uuid NOT NULL,
  guardian bytea NOT NULL,
  reference bytea NOT NULL,
  given_on date NOT NULL,
  recorded_at timestamptz NOT NULL,
  withdrawn_at timestamptz,
  CONSTRAINT parental_consent_pkey PRIMARY KEY (tenant_id, parental_consent_id),
  CONSTRAINT parental_consent_person FOREIGN KEY (tenant_id, person_id)
    REFERENCES {{schema}}.person (tenant_id, person_id) ON DELETE CASCADE
);
CREATE INDEX parental_consent_person ON {{schema}}.parental_consent (tenant_id, person_id);

ALTER TABLE {{schema}}.parental_consent ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.parental_consent FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.parental_consent
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.parental_consent TO {{runtime}};
COMMENT ON COLUMN {{schema}}.parental_consent.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.parental_consent.parental_consent_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.parental_consent.person_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.parental_consent.guardian
  IS 'class=personal; who consents, sealed under the person''s key';
COMMENT ON COLUMN {{schema}}.parental_consent.reference
  IS 'class=personal; where the client has filed it, sealed under the person''s key';
COMMENT ON COLUMN {{schema}}.parental_consent.given_on IS 'class=none';
COMMENT ON COLUMN {{schema}}.parental_consent.recorded_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.parental_consent.withdrawn_at IS 'class=none';

-- That somebody may be under 16 and without consent: the account is frozen while it is open.
CREATE TABLE {{schema}}.minor_report (
  tenant_id uuid NOT NULL,
  minor_report_id uuid NOT NULL,
  person_id uuid NOT NULL,
  reporter_id uuid,
  reported_at timestamptz NOT NULL,
  resolved_at timestamptz,
  resolution text,
  CONSTRAINT minor_report_pkey PRIMARY KEY (tenant_id, minor_report_id),
  CONSTRAINT minor_report_resolution CHECK (resolution IN ('consent', 'not_under16')),
  CONSTRAINT minor_report_resolved CHECK ((resolved_at IS NULL) = (resolution IS NULL)),
  CONSTRAINT minor_report_person FOREIGN KEY (tenant_id, person_id)
    REFERENCES {{schema}}.person (tenant_id, person_id) ON DELETE CASCADE
);
-- One open report a person: a second one says nothing more.
CREATE UNIQUE INDEX minor_report_open ON {{schema}}.minor_report (tenant_id, person_id)
  WHERE resolved_at IS NULL;
CREATE INDEX minor_report_person ON {{schema}}.minor_report (tenant_id, person_id);
CREATE INDEX minor_report_reporter ON {{schema}}.minor_report (tenant_id, reporter_id);

ALTER TABLE {{schema}}.minor_report ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.minor_report FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.minor_report
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.minor_report TO {{runtime}};
COMMENT ON COLUMN {{schema}}.minor_report.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.minor_report.minor_report_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.minor_report.person_id IS 'class=pseudonym; whom it is about';
COMMENT ON COLUMN {{schema}}.minor_report.reporter_id
  IS 'class=pseudonym; NULL for an operator and for somebody who was erased';
COMMENT ON COLUMN {{schema}}.minor_report.reported_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.minor_report.resolved_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.minor_report.resolution
  IS 'class=none; an erasure leaves no row of the person';

-- All client organisations, in rows of the platform: row security shows nobody more than one, and
-- the service has to go through them.
CREATE TABLE {{schema}}.directory (
  tenant_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  registered_at timestamptz NOT NULL,
  CONSTRAINT directory_pkey PRIMARY KEY (tenant_id, organisation_id)
);
CREATE INDEX directory_registered
  ON {{schema}}.directory (tenant_id, registered_at DESC, organisation_id DESC);
-- The owner reads those that are there.
-- allow isolation: forced again below, before anybody else sees the table
ALTER TABLE {{schema}}.organisation NO FORCE ROW LEVEL SECURITY;
INSERT INTO {{schema}}.directory (tenant_id, organisation_id, registered_at)
  SELECT '00000000-0000-0000-0000-000000000000', tenant_id, registered_at
  FROM {{schema}}.organisation;
ALTER TABLE {{schema}}.organisation FORCE ROW LEVEL SECURITY;

ALTER TABLE {{schema}}.directory ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.directory FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.directory
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT ON {{schema}}.directory TO {{runtime}};
COMMENT ON COLUMN {{schema}}.directory.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.directory.organisation_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.directory.registered_at IS 'class=none';
