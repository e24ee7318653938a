-- What happens to the security of accounts and of the organisation: sign-ins, sessions, passwords,
-- factors, rights, exports. No personal value and no free text. Rows of the platform too.
CREATE TABLE {{schema}}.security_event (
  tenant_id uuid NOT NULL,
  security_event_id uuid NOT NULL,
  occurred_at timestamptz NOT NULL,
  kind text NOT NULL,
  outcome text NOT NULL,
  actor_kind text NOT NULL,
  actor_id uuid,
  person_id uuid,
  session_id uuid,
  source bytea,
  role text,
  organisation_id uuid,
  occurrences integer NOT NULL,
  counted_from timestamptz,
  CONSTRAINT security_event_pkey PRIMARY KEY (tenant_id, security_event_id),
  CONSTRAINT security_event_outcome CHECK (outcome IN ('succeeded', 'failed')),
  CONSTRAINT security_event_actor_kind CHECK (
    actor_kind IN ('person', 'staff', 'service', 'anonymous')),
  -- What an event says stays when its person is erased, without the person.
  CONSTRAINT security_event_person FOREIGN KEY (tenant_id, person_id)
    REFERENCES {{schema}}.person (tenant_id, person_id) ON DELETE SET NULL (person_id),
  CONSTRAINT security_event_actor FOREIGN KEY (tenant_id, actor_id)
    REFERENCES {{schema}}.person (tenant_id, person_id) ON DELETE SET NULL (actor_id)
);
CREATE INDEX security_event_time
  ON {{schema}}.security_event (tenant_id, occurred_at, security_event_id);
CREATE INDEX security_event_person
  ON {{schema}}.security_event (tenant_id, person_id, occurred_at) WHERE person_id IS NOT NULL;
CREATE INDEX security_event_actor
  ON {{schema}}.security_event (tenant_id, actor_id, occurred_at) WHERE actor_id IS NOT NULL;
CREATE UNIQUE INDEX security_event_counted
  ON {{schema}}.security_event (tenant_id, person_id, kind, counted_from)
  WHERE counted_from IS NOT NULL;

ALTER TABLE {{schema}}.security_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.security_event FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.security_event
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.security_event TO {{runtime}};
COMMENT ON COLUMN {{schema}}.security_event.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.security_event.security_event_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.security_event.occurred_at IS 'class=none; of several, the first';
COMMENT ON COLUMN {{schema}}.security_event.kind IS 'class=none';
COMMENT ON COLUMN {{schema}}.security_event.outcome IS 'class=none';
COMMENT ON COLUMN {{schema}}.security_event.actor_kind IS 'class=none';
COMMENT ON COLUMN {{schema}}.security_event.actor_id
  IS 'class=pseudonym; who did it, NULL when erased or none of the organisation';
COMMENT ON COLUMN {{schema}}.security_event.person_id
  IS 'class=pseudonym; whom it concerns, NULL when erased';
COMMENT ON COLUMN {{schema}}.security_event.session_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.security_event.source
  IS 'class=pseudonym; keyed digest of the network address, NULL also when from several';
COMMENT ON COLUMN {{schema}}.security_event.role IS 'class=none; that was granted or revoked';
COMMENT ON COLUMN {{schema}}.security_event.organisation_id
  IS 'class=none; whom an event of the platform concerns';
COMMENT ON COLUMN {{schema}}.security_event.occurrences IS 'class=none; how often, or how many';
COMMENT ON COLUMN {{schema}}.security_event.counted_from
  IS 'class=none; since when failures of this kind and person are counted in this row';
