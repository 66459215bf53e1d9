-- Which repositories to show, without a look at the manifests of each.

-- Repositories that may hold no manifest: new ones, and those that one was deleted from. Who lists
-- looks into these, and takes of all others that they hold one; clean-up takes out those that do.
-- Rows are added by triggers, so servers of the release before add them, too, and there may be
-- several of a repository, so that nobody waits for anybody.
CREATE TABLE maybe_empty (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  repository_id bigint NOT NULL
);
CREATE INDEX maybe_empty_repository ON maybe_empty (repository_id);

CREATE FUNCTION note_new_repositories() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO maybe_empty (repository_id) SELECT id FROM made;
  RETURN NULL;
END $$;

CREATE FUNCTION note_deleted_manifests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO maybe_empty (repository_id) SELECT DISTINCT repository_id FROM gone;
  RETURN NULL;
END $$;

CREATE TRIGGER repository_made AFTER INSERT ON repository
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION note_new_repositories();
CREATE TRIGGER manifest_deleted AFTER DELETE ON manifest
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION note_deleted_manifests();

-- After the triggers: what others have changed before is seen here.
INSERT INTO maybe_empty (repository_id)
SELECT id FROM repository
WHERE (SELECT true FROM manifest WHERE repository_id = repository.id LIMIT 1) IS NULL;
