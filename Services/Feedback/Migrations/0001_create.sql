-- Rounds of questions, invitations to answer them, and the answers.

CREATE TABLE {{schema}}.round (
  tenant_id  uuid        NOT NULL,
  round_id   uuid        NOT NULL,
  asker_id   uuid        NOT NULL,
  topic      bytea       NOT NULL,
  question   bytea       NOT NULL,
  visibility text        NOT NULL,
  asked_at   timestamptz NOT NULL,
  CONSTRAINT round_pkey PRIMARY KEY (tenant_id, round_id),
  CONSTRAINT round_visibility_known CHECK (visibility IN ('asker'))
);
CREATE INDEX round_by_asker ON {{schema}}.round (tenant_id, asker_id, round_id);

CREATE TABLE {{schema}}.invitation (
  tenant_id      uuid     NOT NULL,
  invitation_id  uuid     NOT NULL,
  round_id       uuid     NOT NULL,
  position       smallint NOT NULL,
  colleague_id   uuid,
  outsider_name  bytea,
  outsider_email bytea,
  code_hash      bytea,
  expires_at     timestamptz,
  answered_at    timestamptz,
  CONSTRAINT invitation_pkey PRIMARY KEY (tenant_id, invitation_id),
  CONSTRAINT invitation_round FOREIGN KEY (tenant_id, round_id)
    REFERENCES {{schema}}.round (tenant_id, round_id),
  CONSTRAINT invitation_position_once UNIQUE (tenant_id, round_id, position),
  CONSTRAINT invitation_colleague_once UNIQUE (tenant_id, round_id, colleague_id),
  CONSTRAINT invitation_code_once UNIQUE (tenant_id, code_hash),
  CONSTRAINT invitation_colleague_or_outsider CHECK (
    CASE WHEN colleague_id IS NOT NULL
      THEN num_nonnulls(outsider_name, outsider_email, code_hash, expires_at) = 0
      ELSE num_nulls(outsider_name, outsider_email, code_hash, expires_at) = 0
    END)
);
CREATE INDEX invitation_by_colleague
  ON {{schema}}.invitation (tenant_id, colleague_id, invitation_id);

CREATE TABLE {{schema}}.feedback (
  tenant_id     uuid        NOT NULL,
  feedback_id   uuid        NOT NULL,
  round_id      uuid        NOT NULL,
  recipient_id  uuid        NOT NULL,
  invitation_id uuid,
  answer        bytea       NOT NULL,
  given_at      timestamptz NOT NULL,
  CONSTRAINT feedback_pkey PRIMARY KEY (tenant_id, feedback_id),
  CONSTRAINT feedback_round FOREIGN KEY (tenant_id, round_id)
    REFERENCES {{schema}}.round (tenant_id, round_id),
  CONSTRAINT feedback_invitation FOREIGN KEY (tenant_id, invitation_id)
    REFERENCES {{schema}}.invitation (tenant_id, invitation_id),
  CONSTRAINT feedback_invitation_once UNIQUE (tenant_id, invitation_id)
);
CREATE INDEX feedback_by_recipient
  ON {{schema}}.feedback (tenant_id, recipient_id, given_at DESC, feedback_id DESC);
CREATE INDEX feedback_by_round ON {{schema}}.feedback (tenant_id, round_id);

ALTER TABLE {{schema}}.round ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.round FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.round
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);

ALTER TABLE {{schema}}.invitation ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.invitation FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.invitation
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);

ALTER TABLE {{schema}}.feedback ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.feedback FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.feedback
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);

GRANT SELECT, INSERT, DELETE ON {{schema}}.round TO {{runtime}};
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.invitation, {{schema}}.feedback
  TO {{runtime}};

COMMENT ON COLUMN {{schema}}.round.tenant_id IS 'class=none; client organisation';
COMMENT ON COLUMN {{schema}}.round.round_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.round.asker_id IS 'class=pseudonym; person who asks';
COMMENT ON COLUMN {{schema}}.round.topic IS 'class=confidential; sealed under the asker''s key';
COMMENT ON COLUMN {{schema}}.round.question IS 'class=confidential; sealed under the asker''s key';
COMMENT ON COLUMN {{schema}}.round.visibility IS 'class=none; asker';
COMMENT ON COLUMN {{schema}}.round.asked_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.invitation.tenant_id IS 'class=none; client organisation';
COMMENT ON COLUMN {{schema}}.invitation.invitation_id
  IS 'class=pseudonym; of an outsider as a subject too';
COMMENT ON COLUMN {{schema}}.invitation.round_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.invitation.position IS 'class=none; order within the round, from 0';
COMMENT ON COLUMN {{schema}}.invitation.colleague_id
  IS 'class=pseudonym; person asked; null: an outsider';
COMMENT ON COLUMN {{schema}}.invitation.outsider_name
  IS 'class=personal; sealed under the outsider''s key';
COMMENT ON COLUMN {{schema}}.invitation.outsider_email
  IS 'class=personal; sealed under the outsider''s key';
COMMENT ON COLUMN {{schema}}.invitation.code_hash IS 'class=secret; SHA-256 of the one-time code';
COMMENT ON COLUMN {{schema}}.invitation.expires_at IS 'class=none; end of the one-time link';
COMMENT ON COLUMN {{schema}}.invitation.answered_at IS 'class=none; null: still open';
COMMENT ON COLUMN {{schema}}.feedback.tenant_id IS 'class=none; client organisation';
COMMENT ON COLUMN {{schema}}.feedback.feedback_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.feedback.round_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.feedback.recipient_id IS 'class=pseudonym; person who asked';
COMMENT ON COLUMN {{schema}}.feedback.invitation_id
  IS 'class=pseudonym; names the giver; null once erased';
COMMENT ON COLUMN {{schema}}.feedback.answer
  IS 'class=confidential; sealed under the recipient''s key';
COMMENT ON COLUMN {{schema}}.feedback.given_at IS 'class=none';
