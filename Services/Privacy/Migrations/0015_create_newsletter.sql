-- The newsletter (clause 18): who has asked for it, each under a key of their own, and its issues;
-- rows of the platform.
CREATE TABLE {{schema}}.subscriber (
  tenant_id uuid NOT NULL,
  subscriber_id uuid NOT NULL,
  email bytea NOT NULL,
  email_index bytea NOT NULL,
  language text NOT NULL,
  consent text NOT NULL,
  code_hash bytea,
  requested_at timestamptz NOT NULL,
  confirmed_at timestamptz,
  CONSTRAINT subscriber_pkey PRIMARY KEY (tenant_id, subscriber_id),
  CONSTRAINT subscriber_code_key UNIQUE (tenant_id, code_hash),
  CONSTRAINT subscriber_code CHECK ((code_hash IS NULL) = (confirmed_at IS NOT NULL)),
  CONSTRAINT subscriber_language CHECK (language IN ('nl', 'en'))
);
-- One address gets it once.
CREATE UNIQUE INDEX subscriber_email_key ON {{schema}}.subscriber (tenant_id, email_index)
  WHERE confirmed_at IS NOT NULL;
CREATE INDEX subscriber_email ON {{schema}}.subscriber (tenant_id, email_index, requested_at);
CREATE INDEX subscriber_unconfirmed ON {{schema}}.subscriber (tenant_id, requested_at)
  WHERE confirmed_at IS NULL;
ALTER TABLE {{schema}}.subscriber ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.subscriber FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.subscriber
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON {{schema}}.subscriber TO {{runtime}};
GRANT UPDATE (code_hash, confirmed_at) ON {{schema}}.subscriber TO {{runtime}};
COMMENT ON COLUMN {{schema}}.subscriber.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.subscriber.subscriber_id IS 'class=pseudonym';
COMMENT ON COLUMN {{schema}}.subscriber.email
  IS 'class=personal; sealed under the subscriber''s key';
COMMENT ON COLUMN {{schema}}.subscriber.email_index
  IS 'class=pseudonym; keyed digest of the address';
COMMENT ON COLUMN {{schema}}.subscriber.language IS 'class=none; ISO 639-1';
COMMENT ON COLUMN {{schema}}.subscriber.consent
  IS 'class=none; the text that was consented to, word for word';
COMMENT ON COLUMN {{schema}}.subscriber.code_hash
  IS 'class=secret; SHA-256 of the code that confirms it; NULL once it did';
COMMENT ON COLUMN {{schema}}.subscriber.requested_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.subscriber.confirmed_at IS 'class=none; when consent was given';

CREATE TABLE {{schema}}.newsletter_issue (
  tenant_id uuid NOT NULL,
  issue_id uuid NOT NULL,
  language text NOT NULL,
  subject text NOT NULL,
  parts text NOT NULL,
  sent_at timestamptz NOT NULL,
  resume_from uuid,
  mails bigint NOT NULL DEFAULT 0,
  done_at timestamptz,
  CONSTRAINT newsletter_issue_pkey PRIMARY KEY (tenant_id, issue_id),
  CONSTRAINT newsletter_issue_language CHECK (language IN ('nl', 'en'))
);
CREATE INDEX newsletter_issue_sent
  ON {{schema}}.newsletter_issue (tenant_id, sent_at DESC, issue_id DESC);
CREATE INDEX newsletter_issue_open ON {{schema}}.newsletter_issue (tenant_id, sent_at)
  WHERE done_at IS NULL;
ALTER TABLE {{schema}}.newsletter_issue ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.newsletter_issue FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.newsletter_issue
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT ON {{schema}}.newsletter_issue TO {{runtime}};
GRANT UPDATE (resume_from, mails, done_at) ON {{schema}}.newsletter_issue TO {{runtime}};
COMMENT ON COLUMN {{schema}}.newsletter_issue.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.newsletter_issue.issue_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.newsletter_issue.language IS 'class=none; ISO 639-1';
COMMENT ON COLUMN {{schema}}.newsletter_issue.subject IS 'class=none';
COMMENT ON COLUMN {{schema}}.newsletter_issue.parts IS 'class=none; the text, in JSON';
COMMENT ON COLUMN {{schema}}.newsletter_issue.sent_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.newsletter_issue.resume_from
  IS 'class=none; subscribers below it have their mail; nobody''s id';
COMMENT ON COLUMN {{schema}}.newsletter_issue.mails IS 'class=none; how many were written';
COMMENT ON COLUMN {{schema}}.newsletter_issue.done_at IS 'class=none';

-- Mail to subscribers that waits to be sent: deleted once it was. Not bound to a subscriber's
-- row: what is left of one who has gone meanwhile cannot be opened, and goes.
CREATE TABLE {{schema}}.outbox (
  tenant_id uuid NOT NULL,
  outbox_id uuid NOT NULL,
  person_id uuid NOT NULL,
  kind text NOT NULL,
  sealed_mail bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  reason text,
  dead_at timestamptz,
  CONSTRAINT outbox_pkey PRIMARY KEY (tenant_id, outbox_id)
);
CREATE INDEX outbox_person ON {{schema}}.outbox (tenant_id, person_id);
CREATE INDEX outbox_dead ON {{schema}}.outbox (tenant_id, dead_at DESC, outbox_id DESC)
  WHERE dead_at IS NOT NULL;

ALTER TABLE {{schema}}.outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.outbox FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.outbox
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.outbox TO {{runtime}};
COMMENT ON COLUMN {{schema}}.outbox.tenant_id IS 'class=none; the client organisation';
COMMENT ON COLUMN {{schema}}.outbox.outbox_id IS 'class=none; the Message-ID as well';
COMMENT ON COLUMN {{schema}}.outbox.person_id IS 'class=pseudonym; who it is for';
COMMENT ON COLUMN {{schema}}.outbox.kind IS 'class=none; what it is about';
COMMENT ON COLUMN {{schema}}.outbox.sealed_mail
  IS 'class=secret; address and text, which may hold a link; sealed under the person''s key';
COMMENT ON COLUMN {{schema}}.outbox.created_at IS 'class=none';
COMMENT ON COLUMN {{schema}}.outbox.expires_at IS 'class=none; not sent afterwards';
COMMENT ON COLUMN {{schema}}.outbox.attempts IS 'class=none';
COMMENT ON COLUMN {{schema}}.outbox.reason
  IS 'class=none; a word or a reply code, why the last attempt failed';
COMMENT ON COLUMN {{schema}}.outbox.dead_at IS 'class=none; NULL unless it was given up';

-- When which of them is to be tried next: rows of the platform, so that one look finds what is due
-- of all organisations.
CREATE TABLE {{schema}}.outbox_due (
  tenant_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  outbox_id uuid NOT NULL,
  next_attempt_at timestamptz NOT NULL,
  is_dead boolean NOT NULL DEFAULT false,
  urgency smallint NOT NULL DEFAULT 0,
  CONSTRAINT outbox_due_pkey PRIMARY KEY (tenant_id, organisation_id, outbox_id)
);
CREATE INDEX outbox_due_next ON {{schema}}.outbox_due (tenant_id, next_attempt_at);
CREATE INDEX outbox_due_urgency
  ON {{schema}}.outbox_due (tenant_id, organisation_id, urgency DESC, next_attempt_at);

ALTER TABLE {{schema}}.outbox_due ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{schema}}.outbox_due FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {{schema}}.outbox_due
  USING (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('ikso.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {{schema}}.outbox_due TO {{runtime}};
COMMENT ON COLUMN {{schema}}.outbox_due.tenant_id IS 'class=none; the platform';
COMMENT ON COLUMN {{schema}}.outbox_due.organisation_id IS 'class=none; whose outbox it is in';
COMMENT ON COLUMN {{schema}}.outbox_due.outbox_id IS 'class=none';
COMMENT ON COLUMN {{schema}}.outbox_due.next_attempt_at
  IS 'class=none; of one that was given up: when it goes';
COMMENT ON COLUMN {{schema}}.outbox_due.is_dead IS 'class=none; it was given up';
COMMENT ON COLUMN {{schema}}.outbox_due.urgency IS 'class=none; the highest first';

ALTER TABLE {{schema}}.retention_hold DROP CONSTRAINT retention_hold_category;
ALTER TABLE {{schema}}.retention_report DROP CONSTRAINT retention_report_category;
-- allow not-valid: there are few rows, and the older, narrower check held for them
ALTER TABLE {{schema}}.retention_hold ADD CONSTRAINT retention_hold_category
  CHECK (category IN ('application', 'breach', 'subscriber'));
-- allow not-valid: as above
ALTER TABLE {{schema}}.retention_report ADD CONSTRAINT retention_report_category
  CHECK (category IN ('application', 'breach', 'subscriber'));
