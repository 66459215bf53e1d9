package dev.entrepot.management;

import dev.entrepot.account.user.User;
import dev.entrepot.account.user.UserService;
import dev.entrepot.auth.Action;
import dev.entrepot.auth.Limits;
import dev.entrepot.auth.RepositoryPattern;
import dev.entrepot.auth.Subject;
import dev.entrepot.http.Authentication;
import dev.entrepot.server.ServerResource;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;

/** A server that believes who the caller says it is; how that is proven is tested elsewhere. */
public class ManagementServer implements QuarkusTestProfile {
  /** The caller's name. */
  public static final String CALLER = "X-Test-Caller";

  /** What the caller has proven it with; a password by default. */
  public static final String CREDENTIAL = "X-Test-Credential";

  @Override
  public Set<Class<?>> getEnabledAlternatives() {
    return Set.of(Believing.class);
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(ServerResource.class));
  }

  /** Believes the header. */
  @Alternative
  @Singleton
  static class Believing implements Authentication {
    private final UserService users;

    Believing(UserService users) {
      this.users = users;
    }

    @Override
    public Subject known(HttpServerRequest request) {
      return request.getHeader(CALLER) == null ? Subject.ANONYMOUS : null;
    }

    @Override
    public Subject identify(HttpServerRequest request) {
      User user = users.get(request.getHeader(CALLER));
      String credential = request.getHeader(CREDENTIAL);
      return new Subject(
          Subject.Kind.USER,
          user.id(),
          user.name(),
          credential == null ? "password" : credential,
          "token:limited".equals(credential)
              ? new Limits.Scoped(Set.of(Action.PULL), List.of(new RepositoryPattern("**")))
              : Limits.NONE);
    }
  }
}
