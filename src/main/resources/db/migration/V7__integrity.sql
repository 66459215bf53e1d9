-- Keeping bytes, and finding out whether they are still what they were.

-- While a row is in force, bytes are not deleted: whoever backs up has read the rows that name them
-- and is still to read the bytes. A row that nobody renews ends by itself.
CREATE TABLE deletion_hold (
  id uuid PRIMARY KEY,
  until timestamptz NOT NULL,
  reason text NOT NULL
);
