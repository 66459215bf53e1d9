package dev.entrepot.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.accounts.Accounts.Issued;
import dev.entrepot.conformance.support.Concurrently;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Section;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What is taken away is taken away within a second, also for those who are using it at that moment
 * and for all that was got with it.
 */
@OwnServer
@ExtendWith(SharedServer.class)
@Section("Promise > Revocation")
class RevocationIT {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private static Accounts accounts;
  private static Registry registry;
  private static Tokens tokens;
  private static Login owner;
  private static String organisation;

  @BeforeAll
  static void createOrganisation(Accounts given) {
    accounts = given;
    registry = accounts.registry();
    tokens = new Tokens(registry);
    owner = accounts.newUser();
    organisation = accounts.newOrganisation(owner);
  }

  /** A new private repository. */
  private static String repository() {
    String repository = organisation + "/" + Accounts.newName();
    Push.as(owner, registry).image(repository, Image.random(), "v1");
    return repository;
  }

  private static BooleanSupplier pull(String repository, String authorization) {
    return () -> {
      RequestSpecification request = registry.request().header("Authorization", authorization);
      return request.get("/v2/" + repository + "/manifests/v1").statusCode() == 200;
    };
  }

  private static String bearer(Login login, String repository) {
    return tokens.get(login, "repository:" + repository + ":pull").bearer();
  }

  /** Gets a token by a refresh token of theirs. */
  private static BooleanSupplier refresh(Login login) {
    String refreshToken =
        tokens
            .ask(login, "service=entrepot&offline_token=true")
            .then()
            .statusCode(200)
            .extract()
            .path("refresh_token");
    Map<String, String> form = Map.of("grant_type", "refresh_token", "refresh_token", refreshToken);
    return () -> tokens.post(form).statusCode() == 200;
  }

  @Promise
  void personalToken() {
    String repository = repository();
    Issued token = accounts.newToken(owner);
    ended(
        () -> accounts.revokeToken(owner, token),
        pull(repository, token.login().basic()),
        pull(repository, bearer(token.login(), repository)),
        refresh(token.login()));
  }

  @Promise
  void secretOfARobot() {
    String repository = repository();
    Issued secret = accounts.newRobot(organisation, null);
    accounts.grant(repository, secret.login(), "read");
    ended(
        () -> accounts.revokeRobot(secret),
        pull(repository, secret.login().basic()),
        pull(repository, bearer(secret.login(), repository)),
        refresh(secret.login()));
  }

  @Promise
  void disabledUser() {
    String repository = repository();
    Login user = accounts.newUser();
    Login token = accounts.newToken(user).login();
    accounts.grant(repository, user, "read");
    ended(
        () -> accounts.setDisabled(user, true),
        pull(repository, token.basic()),
        pull(repository, bearer(token, repository)),
        pull(repository, bearer(user, repository)),
        refresh(user));
  }

  @Promise
  void changedPassword() {
    String repository = repository();
    Login user = accounts.newUser();
    accounts.grant(repository, user, "read");
    ended(
        () -> accounts.setPassword(user, "another long passphrase"),
        pull(repository, bearer(user, repository)),
        refresh(user));
  }

  @Promise
  void roleInARepository() {
    String repository = repository();
    Login user = accounts.newUser();
    Login token = accounts.newToken(user).login();
    long grant = accounts.grant(repository, user, "read");
    ended(
        () -> accounts.revokeGrant(repository, grant),
        pull(repository, token.basic()),
        pull(repository, bearer(user, repository)));
  }

  @Promise
  void membershipThatBroughtARole() {
    String repository = repository();
    Login user = accounts.newUser();
    Login token = accounts.newToken(user).login();
    String team = accounts.newTeam(organisation, user);
    accounts.grant(repository, "team", team, "read");
    ended(
        () -> accounts.removeMember(organisation, user),
        pull(repository, token.basic()),
        pull(repository, bearer(user, repository)));
  }

  @Promise
  void repositoryThatIsPublicNoLonger() {
    String repository = repository();
    accounts.setVisibility(repository, "public");
    Login stranger = accounts.newUser();
    Login token = accounts.newToken(stranger).login();
    ended(
        () -> accounts.setVisibility(repository, "private"),
        pull(repository, tokens.get(null, "repository:" + repository + ":pull").bearer()),
        pull(repository, token.basic()),
        pull(repository, bearer(stranger, repository)));
  }

  /**
   * Has each use succeed over and over while something is taken away, and requires that none that
   * begins a second later or more succeeds again.
   */
  private static void ended(Runnable takeAway, BooleanSupplier... uses) {
    for (BooleanSupplier use : uses) {
      assertThat(use.getAsBoolean()).as("before").isTrue();
    }
    Revocation revocation = new Revocation(takeAway);
    List<BooleanSupplier> all = new ArrayList<>(List.of(uses));
    List<Boolean> late =
        Concurrently.run(
            all.size() + 1,
            client ->
                () -> client == all.size() ? revocation.run() : revocation.isLate(all.get(client)));
    assertThat(late).containsOnly(false);
  }

  /** A moment from which on something is no more. */
  private static final class Revocation {
    private final Runnable takeAway;
    private volatile long end = Long.MAX_VALUE;

    Revocation(Runnable takeAway) {
      this.takeAway = takeAway;
    }

    boolean run() {
      takeAway.run();
      end = System.nanoTime() + SECOND;
      return false;
    }

    /** Whether a use that began after the end succeeded. */
    boolean isLate(BooleanSupplier use) {
      int after = 0;
      boolean late = false;
      while (after < 5) {
        boolean begunAfter = end != Long.MAX_VALUE && System.nanoTime() - end > 0;
        boolean good = use.getAsBoolean();
        if (begunAfter) {
          after++;
          late |= good;
        }
      }
      return late;
    }
  }
}
