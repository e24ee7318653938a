-- Some mail goes before all other, some behind it.
ALTER TABLE {{schema}}.outbox_due ADD COLUMN urgency smallint NOT NULL DEFAULT 0;
COMMENT ON COLUMN {{schema}}.outbox_due.urgency IS 'class=none; the highest first';
-- allow index: what waits is sent within minutes, so that there is little of it
CREATE INDEX outbox_due_urgency
  ON {{schema}}.outbox_due (tenant_id, organisation_id, urgency DESC, next_attempt_at);
-- allow index: as above; the one made before serves the previous binary as well
DROP INDEX {{schema}}.outbox_due_turn;
