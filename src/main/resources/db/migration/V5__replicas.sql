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
