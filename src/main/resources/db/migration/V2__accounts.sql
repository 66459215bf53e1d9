-- Who there is, how they prove it, and what they may do.
--
-- Users and organisations share one space of names, since either may be a repository's first
-- component. What belongs to a repository hangs on the repository's row, what belongs to all
-- repositories below a first component on the namespace's row.

CREATE TABLE namespace (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE,
  kind text NOT NULL CHECK (kind IN ('user', 'organisation')),
  -- the template of repositories made by a push
  default_visibility text NOT NULL DEFAULT 'private'
    CHECK (default_visibility IN ('public', 'internal', 'private')),
  default_quota_bytes bigint CHECK (default_quota_bytes >= 0),
  -- of all its repositories together; null is no limit
  quota_bytes bigint CHECK (quota_bytes >= 0),
  -- what every member of an organisation may do in all its repositories; null is nothing
  member_role text CHECK (member_role IN ('read', 'write', 'maintain', 'admin')) DEFAULT 'read',
  members_create boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- A user's name is that of the namespace, which holds the user's own repositories.
CREATE TABLE user_account (
  id bigint PRIMARY KEY REFERENCES namespace ON DELETE CASCADE,
  email text,
  -- PHC string of Argon2id; null where only an identity provider can vouch for the user
  password text,
  administrator boolean NOT NULL DEFAULT false,
  disabled_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- How an identity provider (OpenID Connect, LDAP) knows a user: never by a name that could change.
CREATE TABLE external_identity (
  provider text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  user_id bigint NOT NULL REFERENCES user_account ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_login_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (provider, subject)
);
CREATE INDEX external_identity_user ON external_identity (user_id);

CREATE TABLE organisation_member (
  organisation_id bigint NOT NULL REFERENCES namespace ON DELETE CASCADE,
  user_id bigint NOT NULL REFERENCES user_account ON DELETE CASCADE,
  owner boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organisation_id, user_id)
);
CREATE INDEX organisation_member_user ON organisation_member (user_id);

CREATE TABLE team (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id bigint NOT NULL REFERENCES namespace ON DELETE CASCADE,
  name text COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organisation_id, name)
);

-- A member that a provider's groups brought goes when the groups do; one added by hand stays.
CREATE TABLE team_member (
  team_id bigint NOT NULL REFERENCES team ON DELETE CASCADE,
  user_id bigint NOT NULL REFERENCES user_account ON DELETE CASCADE,
  provider text COLLATE "C" NOT NULL DEFAULT '',
  PRIMARY KEY (team_id, user_id, provider)
);
CREATE INDEX team_member_user ON team_member (user_id);

CREATE TABLE team_group (
  team_id bigint NOT NULL REFERENCES team ON DELETE CASCADE,
  provider text COLLATE "C" NOT NULL,
  external_group text COLLATE "C" NOT NULL,
  PRIMARY KEY (team_id, provider, external_group)
);
CREATE INDEX team_group_name ON team_group (provider, external_group);

-- An account without a person. Its name is `<organisation>+<name>`, which no user can have.
CREATE TABLE robot (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id bigint NOT NULL REFERENCES namespace ON DELETE CASCADE,
  name text COLLATE "C" NOT NULL UNIQUE,
  description text NOT NULL DEFAULT '',
  expires_at timestamptz,
  disabled_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX robot_organisation ON robot (organisation_id);

ALTER TABLE repository
  ADD COLUMN visibility text NOT NULL DEFAULT 'private'
    CHECK (visibility IN ('public', 'internal', 'private')),
  ADD COLUMN quota_bytes bigint CHECK (quota_bytes >= 0),
  ADD COLUMN namespace text COLLATE "C" GENERATED ALWAYS AS
    (CASE WHEN position('/' IN name) > 0 THEN split_part(name, '/', 1) END) STORED;
CREATE INDEX repository_public ON repository (name) WHERE visibility = 'public';
CREATE INDEX repository_internal ON repository (name) WHERE visibility = 'internal';
CREATE INDEX repository_namespace ON repository (namespace, name) WHERE namespace IS NOT NULL;

-- A role in one repository, or in all repositories of a namespace, for one grantee.
CREATE TABLE role_grant (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  namespace_id bigint REFERENCES namespace ON DELETE CASCADE,
  repository_id bigint REFERENCES repository ON DELETE CASCADE,
  user_id bigint REFERENCES user_account ON DELETE CASCADE,
  team_id bigint REFERENCES team ON DELETE CASCADE,
  robot_id bigint REFERENCES robot ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('read', 'write', 'maintain', 'admin')),
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (num_nonnulls(namespace_id, repository_id) = 1),
  CHECK (num_nonnulls(user_id, team_id, robot_id) = 1),
  UNIQUE NULLS NOT DISTINCT (namespace_id, repository_id, user_id, team_id, robot_id)
);
CREATE INDEX role_grant_repository ON role_grant (repository_id);
CREATE INDEX role_grant_user ON role_grant (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX role_grant_team ON role_grant (team_id) WHERE team_id IS NOT NULL;
CREATE INDEX role_grant_robot ON role_grant (robot_id) WHERE robot_id IS NOT NULL;

-- Secrets of at least 160 random bits, found by their SHA-256: personal access tokens, robots'
-- secrets, refresh tokens. The secret itself is nowhere.
CREATE TABLE access_token (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hash bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
  kind text NOT NULL CHECK (kind IN ('personal', 'robot', 'refresh')),
  user_id bigint REFERENCES user_account ON DELETE CASCADE,
  robot_id bigint REFERENCES robot ON DELETE CASCADE,
  -- the credential that a refresh token was got with: it goes with that one
  parent_id bigint REFERENCES access_token ON DELETE CASCADE,
  name text NOT NULL,
  -- null: whatever the owner may do; else only these actions, in repositories of these patterns
  actions text[],
  repositories text[],
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  CHECK (num_nonnulls(user_id, robot_id) = 1)
);
CREATE INDEX access_token_user ON access_token (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX access_token_robot ON access_token (robot_id) WHERE robot_id IS NOT NULL;
CREATE INDEX access_token_parent ON access_token (parent_id) WHERE parent_id IS NOT NULL;

-- What the registry signs its tokens with. A key is published before it signs, and after it has
-- stopped for as long as its last token lives.
CREATE TABLE signing_key (
  kid text COLLATE "C" PRIMARY KEY,
  private_key bytea NOT NULL,
  public_key bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  signs_from timestamptz NOT NULL,
  signs_until timestamptz NOT NULL,
  valid_until timestamptz NOT NULL
);

-- What every replica's memory of accounts and rights must forget, read by all of them several times
-- a second. A row is written in the transaction of the change.
--   user:<id> robot:<id> credential:<id> repository:<name>   tokens issued before are not valid
--   rights                                                   decisions kept in memory are not
CREATE TABLE access_change (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- tells, together with a snapshot, whether who looked then has seen the change
  tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
  what text COLLATE "C" NOT NULL
);
CREATE INDEX access_change_tx ON access_change (tx);
CREATE INDEX access_change_at ON access_change (at);

-- Tokens of other issuers (CI systems) that may be exchanged for a robot's.
CREATE TABLE trusted_issuer (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE,
  issuer text COLLATE "C" NOT NULL UNIQUE,
  audience text NOT NULL,
  -- where the keys are; null: as the issuer's discovery document says
  jwks_uri text,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE trust_rule (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  issuer_id bigint NOT NULL REFERENCES trusted_issuer ON DELETE CASCADE,
  robot_id bigint NOT NULL REFERENCES robot ON DELETE CASCADE,
  -- claim → pattern; all must match
  claims jsonb NOT NULL CHECK (jsonb_typeof(claims) = 'object' AND claims <> '{}'),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX trust_rule_issuer ON trust_rule (issuer_id);

-- Tags that may not be moved or deleted, by pattern, in one repository or a whole namespace.
CREATE TABLE tag_rule (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  namespace_id bigint REFERENCES namespace ON DELETE CASCADE,
  repository_id bigint REFERENCES repository ON DELETE CASCADE,
  pattern text COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (num_nonnulls(namespace_id, repository_id) = 1),
  UNIQUE NULLS NOT DISTINCT (namespace_id, repository_id, pattern)
);
CREATE INDEX tag_rule_repository ON tag_rule (repository_id) WHERE repository_id IS NOT NULL;

-- Distinct bytes of each repository: what was folded, and what came and went since. No row is
-- changed by two pushes, so none is waited for.
CREATE TABLE repository_usage (
  repository_id bigint PRIMARY KEY REFERENCES repository ON DELETE CASCADE,
  bytes bigint NOT NULL
);
CREATE TABLE usage_delta (
  repository_id bigint NOT NULL REFERENCES repository ON DELETE CASCADE,
  id bigint GENERATED ALWAYS AS IDENTITY,
  bytes bigint NOT NULL,
  PRIMARY KEY (repository_id, id)
);
-- What uploads under way have declared or brought where a quota applies; gone when they end, or
-- with time. The repository need not be there yet; namespace is '' for a name of one component.
CREATE TABLE usage_reservation (
  upload_id uuid PRIMARY KEY,
  namespace text COLLATE "C" NOT NULL,
  repository text COLLATE "C" NOT NULL,
  bytes bigint NOT NULL CHECK (bytes >= 0),
  expires_at timestamptz NOT NULL
);
CREATE INDEX usage_reservation_namespace ON usage_reservation (namespace);
-- What is there before usage is counted.
INSERT INTO repository_usage (repository_id, bytes)
  SELECT held.repository_id, sum(blob.size) FROM repository_blob held
  JOIN blob ON blob.digest = held.digest GROUP BY held.repository_id;
