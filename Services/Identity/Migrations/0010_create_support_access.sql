-- Access of IKSO's staff to an organisation: asked for, decided on by it, and when it ended.
CREATE TABLE {{schema}}.support_access (
  tenant_id uuid NOT NULL,
  support_access_id uuid NOT NULL,
  reason text NOT NULL,
  scopes text[] NOT NULL,
  minutes integer NOT NULL,
  requested_by uuid NOT NULL,
  requested_at timestamptz NOT NULL,
  state text NOT NULL,
  decided_by uuid,
  decided_at timestamptz,
  ends_at timestamptz,
  last_used_at timestamptz,
  CONSTRAINT support_access_pkey PRIMARY KEY (tenant_id, support_access_id),
  CONSTRAINT support_access_state CHECK (
    state IN ('requested', 'approved', 'refused', 'ended', 'expired'))
);
CREATE INDEX support_access_page
  ON {{schema}}.support_access (tenant_id, requested_at, support_access_id);
CREATE INDEX support_access_decided ON {{schema}}.support_access (tenant_id, decided_by);

ALTER TABLE {{schema}}.support_access ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.support_access FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.support_access
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.support_access TO {{runtime}};
COMMENT ON COLUMN {{schema}}.support_access.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.support_access.support_access_id
  IS 'class=none; the session of the tokens that are issued for it';
COMMENT ON COLUMN {{schema}}.support_access.reason
  IS 'class=none; an operator''s text for the organisation, without personal data';
COMMENT ON COLUMN {{schema}}.support_access.scopes IS 'class=none; methods that may be called';
COMMENT ON COLUMN {{schema}}.support_access.minutes IS 'class=none; from the approval on';
COMMENT ON COLUMN {{schema}}.support_access.requested_by
  IS 'class=pseudonym; an operator, of the platform''s tenant';
COMMENT ON COLUMN {{schema}}.support_access.requested_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.support_access.state IS 'class=none';
COMMENT ON COLUMN {{schema}}.support_access.decided_by
  IS 'class=pseudonym; who approved or refused, NULL before and after their erasure';
COMMENT ON COLUMN {{schema}}.support_access.decided_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.support_access.ends_at IS 'class=none; or when it was ended';
COMMENT ON COLUMN {{schema}}.support_access.last_used_at
  IS 'class=none; when a token was last issued';
