-- The content core: which repository holds which blobs, manifests and tags.
--
-- Digests are bytea: one byte for the algorithm (1 = sha256, 2 = sha512), then the hash.
-- Text that clients get sorted is COLLATE "C": byte order, whatever the database's locale.
-- Tables that grow with content are partitioned from the start, by what every request knows:
-- the repository, or the digest.

-- One row. Tells this database from every other; signs upload ids.
CREATE TABLE instance (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  identity uuid NOT NULL DEFAULT gen_random_uuid(),
  upload_key bytea NOT NULL DEFAULT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
    CHECK (octet_length(upload_key) = 32)
);
INSERT INTO instance DEFAULT VALUES;

CREATE TABLE repository (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- What is stored, and under which key of the store. Clean-up condemns a blob that nobody holds,
-- commits 'deleting', deletes the key's bytes, then the row; a push that meets the row in between
-- makes it live again, from 'deleting' on with its own bytes under a new key.
CREATE TABLE blob (
  digest bytea NOT NULL,
  storage_key text COLLATE "C" NOT NULL,
  size bigint NOT NULL CHECK (size >= 0),
  state text NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'condemned', 'deleting')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (digest)
) PARTITION BY HASH (digest);

-- Which repositories hold a blob: the reverse of repository_blob, in the same transaction.
CREATE TABLE blob_holder (
  digest bytea NOT NULL REFERENCES blob,
  repository_id bigint NOT NULL REFERENCES repository,
  PRIMARY KEY (digest, repository_id)
) PARTITION BY HASH (digest);

-- Which blobs a repository holds. A blob is visible nowhere else.
CREATE TABLE repository_blob (
  repository_id bigint NOT NULL,
  digest bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (repository_id, digest),
  FOREIGN KEY (digest, repository_id) REFERENCES blob_holder
) PARTITION BY HASH (repository_id);

-- The bytes exactly as pushed. artifact_type and annotations are as the referrers list shows them.
CREATE TABLE manifest (
  repository_id bigint NOT NULL REFERENCES repository,
  digest bytea NOT NULL,
  media_type text NOT NULL,
  content bytea NOT NULL,
  artifact_type text COLLATE "C",
  subject bytea,
  annotations text,
  created_at timestamptz NOT NULL DEFAULT now(),
  pushed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (repository_id, digest)
) PARTITION BY HASH (repository_id);
CREATE INDEX manifest_subject ON manifest (repository_id, subject, digest)
  WHERE subject IS NOT NULL;

-- What a manifest is made of: blobs, or child manifests. What may be absent is here, too, so there
-- is no foreign key on the child; a push and a delete of what it needs meet at the child's row.
CREATE TABLE manifest_reference (
  repository_id bigint NOT NULL,
  parent bytea NOT NULL,
  child bytea NOT NULL,
  child_is_manifest boolean NOT NULL,
  PRIMARY KEY (repository_id, child, child_is_manifest, parent)
) PARTITION BY HASH (repository_id);
CREATE INDEX manifest_reference_parent ON manifest_reference (repository_id, parent);

CREATE TABLE tag (
  repository_id bigint NOT NULL,
  name text COLLATE "C" NOT NULL,
  digest bytea NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (repository_id, name),
  FOREIGN KEY (repository_id, digest) REFERENCES manifest
) PARTITION BY HASH (repository_id);
CREATE INDEX tag_digest ON tag (repository_id, digest);

DO $$
DECLARE
  parent text;
  part int;
BEGIN
  FOREACH parent IN ARRAY ARRAY['blob', 'blob_holder', 'repository_blob', 'manifest',
      'manifest_reference', 'tag'] LOOP
    FOR part IN 0..31 LOOP
      EXECUTE format(
          'CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS 32, REMAINDER %s)',
          parent || '_p' || lpad(part::text, 2, '0'), parent, part);
    END LOOP;
  END LOOP;
END $$;

-- Every move of a tag, append-only. from_digest is null where the tag began, to_digest where it
-- ended; the id tells the order of one tag's moves. The server makes a partition per month ahead;
-- the default one takes what comes without.
CREATE SEQUENCE tag_history_id;
CREATE TABLE tag_history (
  id bigint NOT NULL DEFAULT nextval('tag_history_id'),
  repository_id bigint NOT NULL,
  tag text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor text NOT NULL,
  from_digest bytea,
  to_digest bytea
) PARTITION BY RANGE (at);
CREATE INDEX tag_history_tag ON tag_history (repository_id, tag, id);
CREATE TABLE tag_history_default PARTITION OF tag_history DEFAULT;

-- Uploads with bytes kept between two requests, and what became of ended ones, so that a repeated
-- request is answered as the first was.
CREATE TABLE upload (
  id uuid PRIMARY KEY,
  repository text COLLATE "C" NOT NULL,
  algorithm text NOT NULL,
  offset_bytes bigint NOT NULL CHECK (offset_bytes >= 0),
  detail text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'completed', 'cancelled')),
  digest bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((state = 'completed') = (digest IS NOT NULL))
);
CREATE INDEX upload_age ON upload (state, updated_at);
