-- Clean-up: what nobody needs any more goes, what somebody has deleted can be had back for a while.

-- Since when clean-up has seen nothing that needs it. Whoever relies on it sets it to null.
ALTER TABLE repository_blob ADD COLUMN condemned_at timestamptz;
ALTER TABLE manifest ADD COLUMN condemned_at timestamptz;

-- A quarantined blob has bytes that are not what they were: it is shown nowhere, and the next push
-- gives it others. To whom bytes of the store belong is asked by their key.
ALTER TABLE blob ADD COLUMN condemned_at timestamptz,
  DROP CONSTRAINT blob_state_check,
  ADD CONSTRAINT blob_state_check
    CHECK (state IN ('live', 'condemned', 'deleting', 'quarantined'));
CREATE INDEX blob_storage_key ON blob (storage_key);

ALTER TABLE repository
  -- what becomes of manifests without a tag: keep, or how long they stay; null is the server's
  ADD COLUMN untagged text CHECK (untagged ~ '^(keep|[0-9]{1,4}d)$'),
  -- A deleted repository keeps its content and its namespace, and gives up its name, which
  -- becomes <namespace>/~<id>, until it is restored. Without a name to have back it is being emptied.
  ADD COLUMN deleted_at timestamptz,
  ADD COLUMN deleted_name text COLLATE "C",
  ADD COLUMN deleted_by text;
CREATE INDEX repository_deleted ON repository (id) WHERE deleted_at IS NOT NULL;

-- Deleted manifests with the tags they had, and, without content, deleted tags of manifests that
-- were left.
CREATE SEQUENCE trash_id;
CREATE TABLE trash (
  repository_id bigint NOT NULL REFERENCES repository,
  id bigint NOT NULL DEFAULT nextval('trash_id'),
  deleted_at timestamptz NOT NULL DEFAULT now(),
  deleted_by text NOT NULL,
  digest bytea NOT NULL,
  tags text[] NOT NULL,
  media_type text,
  content bytea,
  PRIMARY KEY (repository_id, id)
) PARTITION BY HASH (repository_id);
CREATE INDEX trash_digest ON trash (repository_id, digest);
CREATE INDEX trash_deleted ON trash (deleted_at);

-- The blobs that a manifest in the trash is made of: their bytes stay as long as it does.
CREATE TABLE trash_reference (
  repository_id bigint NOT NULL,
  trash_id bigint NOT NULL,
  child bytea NOT NULL,
  PRIMARY KEY (repository_id, child, trash_id),
  FOREIGN KEY (repository_id, trash_id) REFERENCES trash ON DELETE CASCADE
) PARTITION BY HASH (repository_id);
CREATE INDEX trash_reference_trash ON trash_reference (repository_id, trash_id);

DO $$
DECLARE
  parent text;
  part int;
BEGIN
  FOREACH parent IN ARRAY ARRAY['trash', 'trash_reference'] LOOP
    FOR part IN 0..31 LOOP
      EXECUTE format(
          'CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS 32, REMAINDER %s)',
          parent || '_p' || lpad(part::text, 2, '0'), parent, part);
    END LOOP;
  END LOOP;
END $$;
