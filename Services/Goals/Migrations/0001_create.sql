-- Goals, their links to feedback, and check-ins. Texts are sealed under the owner's key.

CREATE TABLE {{schema}}.goal (
  tenant_id  uuid        NOT NULL,
  goal_id    uuid        NOT NULL,
  owner_id   uuid        NOT NULL,
  title      bytea       NOT NULL,
  why        bytea       NOT NULL,
  measure    bytea       NOT NULL,
  due_on     date,
  state      text        NOT NULL,
  progress   smallint    NOT NULL,
  revision   bigint      NOT NULL,
  created_at timestamptz NOT NULL,
  evaluation bytea       NOT NULL,
  CONSTRAINT goal_pkey PRIMARY KEY (tenant_id, goal_id),
  CONSTRAINT goal_state_known CHECK (state IN ('open', 'completed')),
  CONSTRAINT goal_progress_percent CHECK (progress BETWEEN 0 AND 100),
  CONSTRAINT goal_revision_counts CHECK (revision >= 1)
);
CREATE INDEX goal_by_owner ON {{schema}}.goal (tenant_id, owner_id, created_at DESC, goal_id DESC);

CREATE TABLE {{schema}}.goal_feedback (
  tenant_id   uuid     NOT NULL,
  goal_id     uuid     NOT NULL,
  position    smallint NOT NULL,
  feedback_id uuid     NOT NULL,
  CONSTRAINT goal_feedback_pkey PRIMARY KEY (tenant_id, goal_id, position),
  CONSTRAINT goal_feedback_once UNIQUE (tenant_id, goal_id, feedback_id),
  CONSTRAINT goal_feedback_goal FOREIGN KEY (tenant_id, goal_id)
    REFERENCES {{schema}}.goal (tenant_id, goal_id)
);

CREATE TABLE {{schema}}.check_in (
  tenant_id     uuid        NOT NULL,
  goal_id       uuid        NOT NULL,
  check_in_id   uuid        NOT NULL,
  revision      bigint      NOT NULL,
  progress      smallint    NOT NULL,
  confidence    smallint    NOT NULL,
  note          bytea       NOT NULL,
  checked_in_at timestamptz NOT NULL,
  CONSTRAINT check_in_pkey PRIMARY KEY (tenant_id, goal_id, check_in_id),
  CONSTRAINT check_in_revision_once UNIQUE (tenant_id, goal_id, revision),
  CONSTRAINT check_in_goal FOREIGN KEY (tenant_id, goal_id)
    REFERENCES {{schema}}.goal (tenant_id, goal_id),
  CONSTRAINT check_in_progress_percent CHECK (progress BETWEEN 0 AND 100),
  CONSTRAINT check_in_confidence_scale CHECK (confidence BETWEEN 1 AND 5)
);

ALTER TABLE {{schema}}.goal ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.goal FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.goal
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);

ALTER TABLE {{schema}}.goal_feedback ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.goal_feedback FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.goal_feedback
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);

ALTER TABLE {{schema}}.check_in ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.check_in FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.check_in
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.goal TO {{runtime}};
GRANT SELECT, INSERT, DELETE ON {{schema}}.goal_feedback, {{schema}}.check_in TO {{runtime}};

COMMENT ON COLUMN {{schema}}.goal.tenant_id IS 'class=none; client organisation';
COMMENT ON COLUMN {{schema}}.goal.goal_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.goal.owner_id IS 'class=pseudonym; person whose goal it is';
COMMENT ON COLUMN {{schema}}.goal.title IS 'class=confidential; sealed under the owner''s key';
COMMENT ON COLUMN {{schema}}.goal.why IS 'class=confidential; sealed under the owner''s key';
COMMENT ON COLUMN {{schema}}.goal.measure IS 'class=confidential; sealed under the owner''s key';
COMMENT ON COLUMN {{schema}}.goal.due_on IS 'class=none';
COMMENT ON COLUMN {{schema}}.goal.state IS 'class=none; open, completed';
COMMENT ON COLUMN {{schema}}.goal.progress IS 'class=none; percent, of the latest check-in';
COMMENT ON COLUMN {{schema}}.goal.revision IS 'class=none; counts the changes, from 1';
COMMENT ON COLUMN {{schema}}.goal.created_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.goal.evaluation IS 'class=confidential; sealed under the owner''s key';
COMMENT ON COLUMN {{schema}}.goal_feedback.tenant_id IS 'class=none; client organisation';
COMMENT ON COLUMN {{schema}}.goal_feedback.goal_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.goal_feedback.position IS 'class=none; order of the links, from 0';
COMMENT ON COLUMN {{schema}}.goal_feedback.feedback_id
  IS 'class=pseudonym; record of the feedback service';
COMMENT ON COLUMN {{schema}}.check_in.tenant_id IS 'class=none; client organisation';
COMMENT ON COLUMN {{schema}}.check_in.goal_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.check_in.check_in_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.check_in.revision IS 'class=none; of the goal, after the check-in';
COMMENT ON COLUMN {{schema}}.check_in.progress IS 'class=none; percent';
COMMENT ON COLUMN {{schema}}.check_in.confidence IS 'class=none; 1 doubtful to 5 certain';
COMMENT ON COLUMN {{schema}}.check_in.note IS 'class=confidential; sealed under the owner''s key';
COMMENT ON COLUMN {{schema}}.check_in.checked_in_at IS 'class=none';
