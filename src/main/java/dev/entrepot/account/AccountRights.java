package dev.entrepot.account;

import dev.entrepot.account.row.NamespaceRow;
import dev.entrepot.account.row.NamespaceRows;
import dev.entrepot.account.row.OrganisationMemberRow;
import dev.entrepot.account.row.OrganisationMemberRows;
import dev.entrepot.account.row.UserRow;
import dev.entrepot.account.row.UserRows;
import dev.entrepot.auth.Action;
import dev.entrepot.auth.Authorizer;
import dev.entrepot.auth.Decision;
import dev.entrepot.auth.Limits;
import dev.entrepot.auth.Subject;
import dev.entrepot.config.AuthConfig;
import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.management.ManagementRights;
import dev.entrepot.management.Problem;
import dev.entrepot.management.ProblemException;
import dev.entrepot.management.Right;
import dev.entrepot.oci.RepositoryName;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may call what of the management API. Rights in repositories are the authorizer's to
 * decide; here is who may manage accounts: users with the whole of their rights, so no robot, and
 * no token of limited use. What a caller may not see is answered as if it were not there.
 */
@Singleton
@Transactional
class AccountRights implements ManagementRights {
  private final Authorizer authorizer;
  private final UserRows users;
  private final NamespaceRows namespaces;
  private final OrganisationMemberRows members;
  private final boolean open;

  AccountRights(
      Authorizer authorizer,
      UserRows users,
      NamespaceRows namespaces,
      OrganisationMemberRows members,
      EntrepotConfig config) {
    this.authorizer = authorizer;
    this.users = users;
    this.namespaces = namespaces;
    this.members = members;
    this.open = config.auth().mode() == AuthConfig.Mode.OFF;
  }

  @Override
  public void require(Subject caller, Right right, UnaryOperator<@Nullable String> path) {
    if (right == Right.ANYBODY || open && right != Right.OWN_ACCOUNT) {
      return;
    }
    switch (right) {
      case ANYBODY -> {}
      case SIGNED_IN, OWN_ACCOUNT -> requireUser(caller);
      case ADMINISTRATOR -> require(isAdministrator(caller), caller);
      case SELF -> require(isSelf(caller, path.apply("user")) || isAdministrator(caller), caller);
      case MEMBER -> organisation(caller, path.apply("organisation"), false);
      case OWNER -> organisation(caller, path.apply("organisation"), true);
      case READ_REPOSITORY -> repository(caller, path.apply("name"), Action.PULL);
      case MAINTAIN_REPOSITORY -> repository(caller, path.apply("name"), Action.SETTINGS);
      case ADMINISTER_REPOSITORY -> repository(caller, path.apply("name"), Action.ADMINISTER);
    }
  }

  @Override
  public boolean isAdministrator(Subject caller) {
    if (open) {
      return true;
    }
    UserRow user = manager(caller);
    return user != null && user.administrator;
  }

  private @Nullable UserRow manager(Subject caller) {
    if (caller.kind() != Subject.Kind.USER || !(caller.limits() instanceof Limits.None)) {
      return null;
    }
    UserRow user = users.findById(caller.id());
    return user == null || user.disabledAt != null ? null : user;
  }

  private boolean isSelf(Subject caller, @Nullable String user) {
    return manager(caller) != null && caller.name().equals(user);
  }

  private void requireUser(Subject caller) {
    require(manager(caller) != null, caller);
  }

  private void organisation(Subject caller, @Nullable String name, boolean owner) {
    requireUser(caller);
    if (isAdministrator(caller)) {
      return;
    }
    NamespaceRow row =
        namespaces.find("kind = ?1 and name = ?2", NamespaceRow.ORGANISATION, name).firstResult();
    OrganisationMemberRow member =
        row == null ? null : members.findById(new OrganisationMemberRow.Key(row.id, caller.id()));
    if (member == null) {
      throw Problem.NOT_FOUND.with("There is no such organisation");
    }
    require(member.owner || !owner, caller);
  }

  private void repository(Subject caller, @Nullable String name, Action action) {
    String canonical =
        RepositoryName.tryParse(name == null ? "" : name)
            .orElseThrow(AccountRights::unknownRepository)
            .value();
    Decision decision = authorizer.decide(caller, Set.of(action), canonical);
    if (!decision.allows() && !decision.visible()) {
      throw caller.isAnonymous() ? unauthorized() : unknownRepository();
    }
    require(decision.allows(), caller);
  }

  private static void require(boolean allowed, Subject caller) {
    if (!allowed) {
      throw caller.isAnonymous()
          ? unauthorized()
          : Problem.DENIED.with("The account or the credential is not sufficient");
    }
  }

  private static ProblemException unauthorized() {
    return Problem.UNAUTHORIZED.with("Sign in first");
  }

  private static ProblemException unknownRepository() {
    return Problem.NOT_FOUND.with("There is no such repository");
  }
}
