-- What the management API keeps beside accounts and rights.

-- What readers are told of a repository.
ALTER TABLE repository
  ADD COLUMN description text NOT NULL DEFAULT '',
  ADD COLUMN labels jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(labels) = 'object');
-- Of its own: no other look at a repository needs it.
CREATE TABLE repository_readme (
  repository_id bigint PRIMARY KEY REFERENCES repository ON DELETE CASCADE,
  markdown text NOT NULL
);

-- Requests that made something and named a key, so that the same request again makes nothing and
-- gets the same answer. Written in the transaction that makes it.
CREATE TABLE idempotent_request (
  -- user:<id>; empty where there is no authentication
  caller text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  -- SHA-256 of method, path and body, without passwords
  fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
  created_at timestamptz NOT NULL DEFAULT now(),
  -- the answer; null only within the transaction
  status integer,
  location text,
  etag text,
  -- JSON; null where it held a secret, which is not kept
  body text,
  PRIMARY KEY (caller, key)
);
CREATE INDEX idempotent_request_created ON idempotent_request (created_at);
