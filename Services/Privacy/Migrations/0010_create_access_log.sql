-- The organisation's log of accesses to people's data (clauses 22 and 26): a Merkle tree (RFC 6962,
-- section 2.1) of which nothing is ever changed. The runtime role may take the person out of an
-- entry that is erased, and nothing else.
CREATE TABLE {{schema}}.access_entry (
  tenant_id uuid NOT NULL,
  position bigint NOT NULL,
  event_id uuid NOT NULL,
  subject_id uuid,
  subject_commitment bytea NOT NULL,
  occurred_at timestamptz NOT NULL,
  sealed_detail bytea,
  CONSTRAINT access_entry_pkey PRIMARY KEY (tenant_id, position),
  CONSTRAINT access_entry_event UNIQUE (tenant_id, event_id),
  CONSTRAINT access_entry_position CHECK (position >= 0),
  CONSTRAINT access_entry_commitment CHECK (octet_length(subject_commitment) = 32)
);
CREATE INDEX access_entry_subject ON {{schema}}.access_entry (tenant_id, subject_id, position)
  WHERE subject_id IS NOT NULL;

-- The hashes of its complete subtrees of 2^level entries, the entries' own at level 0.
CREATE TABLE {{schema}}.access_node (
  tenant_id uuid NOT NULL,
  level integer NOT NULL,
  place bigint NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT access_node_pkey PRIMARY KEY (tenant_id, level, place),
  CONSTRAINT access_node_hash CHECK (octet_length(hash) = 32)
);

-- Its latest signed state, which is locked by whoever adds to it.
CREATE TABLE {{schema}}.access_head (
  tenant_id uuid NOT NULL,
  size bigint NOT NULL,
  note text NOT NULL,
  signed_at timestamptz NOT NULL,
  CONSTRAINT access_head_pkey PRIMARY KEY (tenant_id),
  CONSTRAINT access_head_size CHECK (size >= 0)
);

ALTER TABLE {{schema}}.access_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.access_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.access_entry
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
ALTER TABLE {{schema}}.access_node ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.access_node FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.access_node
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
ALTER TABLE {{schema}}.access_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.access_head FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.access_head
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);

GRANT SELECT, INSERT ON {{schema}}.access_entry TO {{runtime}};
GRANT UPDATE (subject_id) ON {{schema}}.access_entry TO {{runtime}};
GRANT SELECT, INSERT ON {{schema}}.access_node TO {{runtime}};
GRANT SELECT, INSERT, UPDATE ON {{schema}}.access_head TO {{runtime}};

COMMENT ON COLUMN {{schema}}.access_entry.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.access_entry.position IS 'class=none; 0, 1, 2 … within the log';
COMMENT ON COLUMN {{schema}}.access_entry.event_id IS 'class=none; of the service that did it';
COMMENT ON COLUMN {{schema}}.access_entry.subject_id
  IS 'class=pseudonym; whose data; NULL once that person was erased';
COMMENT ON COLUMN {{schema}}.access_entry.subject_commitment
  IS 'class=none; SHA-256 over the ids of event and subject';
COMMENT ON COLUMN {{schema}}.access_entry.occurred_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.access_entry.sealed_detail
  IS 'class=confidential; who did what; sealed under the subject''s key, NULL if that was gone';
COMMENT ON COLUMN {{schema}}.access_node.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.access_node.level IS 'class=none; it stands for 2^level entries';
COMMENT ON COLUMN {{schema}}.access_node.place IS 'class=none; 0, 1, 2 … within its level';
COMMENT ON COLUMN {{schema}}.access_node.hash IS 'class=none';
COMMENT ON COLUMN {{schema}}.access_head.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.access_head.size IS 'class=none; entries';
COMMENT ON COLUMN {{schema}}.access_head.note IS 'class=none; signed: origin, size and root';
COMMENT ON COLUMN {{schema}}.access_head.signed_at IS 'class=none';
