-- Of an erasure's entry in the log of accesses: the digest of its certificate, in the place of what
-- would be sealed. Nothing can be sealed of somebody whose key is destroyed.
ALTER TABLE {{schema}}.access_entry ADD COLUMN document_digest bytea;
ALTER TABLE {{schema}}.access_entry ADD CONSTRAINT access_entry_document CHECK (
  document_digest IS NULL
  OR (octet_length(document_digest) = 32 AND sealed_detail IS NULL)) NOT VALID;
COMMENT ON COLUMN {{schema}}.access_entry.document_digest
  IS 'class=none; SHA-256 of an erasure certificate without its place';

-- The language of a statement; NULL, as of versions before: what stands around it is in English.
ALTER TABLE {{schema}}.statement ADD COLUMN language text;
ALTER TABLE {{schema}}.statement ADD CONSTRAINT statement_language CHECK (
  language IS NULL OR language IN ('nl', 'en')) NOT VALID;
COMMENT ON COLUMN {{schema}}.statement.language
  IS 'class=none; ISO 639-1; NULL: what stands around it is in English';
