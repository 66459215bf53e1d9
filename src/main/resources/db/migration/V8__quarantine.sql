-- Bytes that were found to be lost or rotten. As long as the blob has no others it is not to be
-- read; the bytes stay for a while for whoever wants to look at them.
CREATE TABLE quarantine (
  storage_key text COLLATE "C" PRIMARY KEY,
  digest bytea NOT NULL,
  size bigint NOT NULL,
  reason text NOT NULL,
  since timestamptz NOT NULL DEFAULT now(),
  -- since when the store has them no more
  deleted_at timestamptz
);
CREATE INDEX quarantine_digest ON quarantine (digest);
INSERT INTO quarantine (storage_key, digest, size, reason)
SELECT storage_key, digest, size, 'found before reasons were kept' FROM blob
WHERE state = 'quarantined';
