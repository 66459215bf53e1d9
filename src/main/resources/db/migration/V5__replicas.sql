-- Several servers on one database and one store.

-- Work that one server of all does at a time. A server that works on it holds a lease, which it
-- renews; one that died does not, and another goes on from the progress that was kept. The fence
-- counts the leases: who has lost the newest one can keep nothing any more.
CREATE TABLE job (
  name text COLLATE "C" PRIMARY KEY,
  holder uuid,
  lease_until timestamptz,
  fence bigint NOT NULL DEFAULT 0,
  progress text,
  last_started timestamptz,
  last_ended timestamptz,
  last_error text
);

-- What every server's memory of content must forget, written in the transaction of the change and
-- read by all of them several times a second. Rows are dropped after half an hour.
CREATE TABLE content_change (
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- tells, together with a snapshot, whether who looked then has seen the change
  tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
  repository text COLLATE "C" NOT NULL,
  -- one of the two, or none: then it is all of the repository
  tag text COLLATE "C",
  digest bytea
);
CREATE INDEX content_change_tx ON content_change (tx);
CREATE INDEX content_change_at ON content_change USING brin (at);

-- One request at a time writes to an upload, whichever server it reaches. Its server renews the
-- lease while bytes come, and gives it back with what it has kept. When it dies, the lease ends and
-- the next request goes on. The fence counts the leases: whoever has lost one writes nothing.
ALTER TABLE upload
  ADD COLUMN fence bigint NOT NULL DEFAULT 0,
  ADD COLUMN holder uuid,
  ADD COLUMN lease_until timestamptz;
