package dev.entrepot.access;

import dev.entrepot.auth.Action;
import dev.entrepot.auth.Authorizer;
import dev.entrepot.auth.Decision;
import dev.entrepot.auth.Limits;
import dev.entrepot.auth.Subject;
import dev.entrepot.cache.GuardedCache;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.config.RepositoryConfig;
import dev.entrepot.database.Database;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides by the rows of accounts and roles. Where an account stands towards a repository that is
 * there is kept in memory until something about rights changes; towards one that is not there, it
 * is asked each time, since the repository may come into being with any push.
 */
final class AccountAuthorizer implements Authorizer {
  private static final int ENTRY_OVERHEAD = 300;

  private record Key(Subject.Kind kind, long account, String repository) {}

  private final GuardedCache<Key, Standing> standings;
  private final Database database;
  private final ChangeFeed changes;
  private final boolean usersCreateTopLevel;

  AccountAuthorizer(
      Database database, ChangeFeed changes, EntrepotConfig config, MeterRegistry metrics) {
    this.database = database;
    this.changes = changes;
    this.usersCreateTopLevel =
        config.repository().topLevelCreators() == RepositoryConfig.Creators.USERS;
    this.standings =
        new GuardedCache<>(
            "rights",
            config.cache().accessBytes().asLongValue() / 2,
            (key, standing) -> ENTRY_OVERHEAD + 2 * key.repository().length(),
            metrics);
    changes.listen(this::forget);
  }

  @Override
  public @Nullable Decision known(
      Subject subject, Set<Action> actions, @Nullable String repository) {
    Decision byToken = withoutRows(subject, actions, repository);
    if (byToken != null || repository == null || !changes.isCurrent()) {
      return byToken;
    }
    Standing standing = standings.peek(key(subject, repository));
    return standing == null || standing.validUntilMillis() <= System.currentTimeMillis()
        ? null
        : decision(subject, actions, repository, standing);
  }

  @Override
  public Decision decide(Subject subject, Set<Action> actions, @Nullable String repository) {
    Decision byToken = withoutRows(subject, actions, repository);
    if (byToken != null) {
      return byToken;
    }
    String name = Objects.requireNonNull(repository);
    return decision(subject, actions, name, standing(subject, name));
  }

  /**
   * What a token of ours holds of what is there needs no rows, and neither does what is about no
   * repository.
   */
  private static @Nullable Decision withoutRows(
      Subject subject, Set<Action> actions, @Nullable String repository) {
    if (subject.limits() instanceof Limits.Granted granted) {
      if (repository != null && granted.founds(repository)) {
        return null;
      }
      if (repository != null) {
        Set<Action> held = granted.actions(repository);
        return Decision.of(actions, held, held.contains(Action.PULL));
      }
      Set<Action> held = EnumSet.of(Action.PING);
      if (granted.catalog()) {
        held.add(Action.CATALOG);
      }
      return Decision.of(actions, held, true);
    }
    if (repository != null) {
      return null;
    }
    Set<Action> may = EnumSet.noneOf(Action.class);
    if (!subject.isAnonymous()) {
      may.add(Action.PING);
      if (!(subject.limits() instanceof Limits.Scoped scoped)
          || scoped.actions().contains(Action.CATALOG)) {
        may.add(Action.CATALOG);
      }
    }
    return Decision.of(actions, may, true);
  }

  private Standing standing(Subject subject, String repository) {
    Key key = key(subject, repository);
    Standing known = changes.isCurrent() ? standings.peek(key) : null;
    if (known != null && known.validUntilMillis() > System.currentTimeMillis()) {
      return known;
    }
    Standing read = Objects.requireNonNull(standings.reload(key, this::read));
    if (!read.exists()) {
      standings.invalidate(key);
    }
    return read;
  }

  private Standing read(Key key) {
    return database.read(
        connection ->
            StandingRows.read(
                connection, key.kind(), key.account(), key.repository(), usersCreateTopLevel));
  }

  private static Decision decision(
      Subject subject, Set<Action> actions, String repository, Standing standing) {
    Set<Action> may = standing.actions();
    boolean visible = may.contains(Action.PULL);
    switch (subject.limits()) {
      case Limits.None none -> {}
      case Limits.Scoped(var only, var patterns) -> {
        boolean within = patterns.stream().anyMatch(pattern -> pattern.matches(repository));
        may = within ? both(may, only) : Set.of();
        visible &= within;
      }
      case Limits.Granted granted -> may = both(may, granted.actions(repository));
    }
    Decision decision = Decision.of(actions, may, visible);
    return standing.exists() || may.isEmpty() ? decision : decision.founding();
  }

  private static Set<Action> both(Set<Action> one, Set<Action> other) {
    Set<Action> both = EnumSet.noneOf(Action.class);
    both.addAll(one);
    both.retainAll(other);
    return both;
  }

  private static Key key(Subject subject, String repository) {
    return new Key(subject.kind(), subject.id(), repository);
  }

  /** What a credential is good for is no matter here. */
  private void forget(String what) {
    if (!what.startsWith("credential:")) {
      standings.invalidateAll();
    }
  }
}
