-- How the second factor was given when a session began, so that one that began without it gets no
-- further token once the factor is compulsory.
ALTER TABLE {{schema}}.session ADD COLUMN second_factor text;
COMMENT ON COLUMN {{schema}}.session.second_factor
  IS 'class=none; given, or device: a remembered one stood in for it; NULL: neither';
ALTER TABLE {{schema}}.sign_in ADD COLUMN by_device boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN {{schema}}.sign_in.by_device
  IS 'class=none; a remembered device stood in for the second factor';

-- A change of address that somebody else asks for waits, and can be stopped from the old address.
ALTER TABLE {{schema}}.email_change ADD COLUMN effective_at timestamptz;
ALTER TABLE {{schema}}.email_change ADD COLUMN stop_hash bytea;
COMMENT ON COLUMN {{schema}}.email_change.effective_at
  IS 'class=none; the link counts from then on, NULL: at once';
COMMENT ON COLUMN {{schema}}.email_change.stop_hash
  IS 'class=secret; SHA-256 of the code in the mail to the old address';
-- allow index: changes that wait are over within days, so that there is little of them
CREATE UNIQUE INDEX email_change_stop ON {{schema}}.email_change (tenant_id, stop_hash)
  WHERE stop_hash IS NOT NULL;
