-- The audit log: who did what, and seals that show when any of it is removed or changed.

-- Appended only, by whoever does something, in the transaction that does it. Nothing waits for
-- another: events are not chained here. The order of the log is (era, tx, id): of events below the
-- oldest transaction under way, none can come in between any more. The server makes a partition
-- per month ahead; the default one takes what comes without.
CREATE SEQUENCE audit_event_id;
CREATE TABLE audit_event (
  -- transactions count from the beginning again in a database that was imported
  era integer NOT NULL DEFAULT 1,
  tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
  id bigint NOT NULL DEFAULT nextval('audit_event_id'),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  kind text COLLATE "C" NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('ok', 'refused')),
  actor_kind text NOT NULL,
  actor_id bigint NOT NULL,
  actor text COLLATE "C" NOT NULL,
  credential text NOT NULL,
  address text NOT NULL,
  request_id text NOT NULL,
  namespace text COLLATE "C",
  repository text COLLATE "C",
  reference text,
  digest bytea,
  count bigint NOT NULL,
  detail json
) PARTITION BY RANGE (at);
CREATE INDEX audit_event_order ON audit_event (era, tx, id);
CREATE TABLE audit_event_default PARTITION OF audit_event DEFAULT;

-- What signs seals. The public key is published; the private one is as safe as this database.
CREATE TABLE audit_key (
  kid text COLLATE "C" PRIMARY KEY,
  private_key bytea NOT NULL,
  public_key bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- A seal covers the events after the seal before it, up to and with (era, tx, id), all of one
-- month. leaves is the id and the SHA-256 of each; it goes when the month is dropped, and of each
-- stretch of that month's seals only the last stays.
CREATE TABLE audit_seal (
  number bigint PRIMARY KEY,
  previous bytea NOT NULL,
  month text NOT NULL,
  era integer NOT NULL,
  tx xid8 NOT NULL,
  id bigint NOT NULL,
  events bigint NOT NULL,
  total bigint NOT NULL,
  sealed_at timestamptz NOT NULL,
  leaves bytea,
  content bytea NOT NULL,
  hash bytea NOT NULL,
  kid text COLLATE "C" NOT NULL REFERENCES audit_key,
  signature bytea NOT NULL
);
CREATE INDEX audit_seal_month ON audit_seal (month, number);
