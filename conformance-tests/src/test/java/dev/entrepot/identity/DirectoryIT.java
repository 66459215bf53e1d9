package dev.entrepot.identity;

import static dev.entrepot.identity.Management.basic;
import static dev.entrepot.identity.Management.bearer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.RegistryServer;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Users of a real slapd, over StartTLS: it refuses passwords that are not encrypted. */
@OwnServer
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DirectoryIT {
  private Slapd slapd;
  private RegistryServer server;
  private Management management;

  @BeforeAll
  void start() {
    slapd = Slapd.start();
    server =
        Management.server()
            .environment("ENTREPOT_AUTH_LDAP_CORP_URL", slapd.url().toString())
            .environment("ENTREPOT_AUTH_LDAP_CORP_CA", slapd.certificate().toString())
            .environment("ENTREPOT_AUTH_LDAP_CORP_BIND_DN", Slapd.SEARCH_DN)
            .environment("ENTREPOT_AUTH_LDAP_CORP_BIND_PASSWORD", Slapd.SEARCH_PASSWORD)
            .environment("ENTREPOT_AUTH_LDAP_CORP_USER_BASE", "ou=people,dc=example,dc=org")
            .environment("ENTREPOT_AUTH_LDAP_CORP_GROUP_BASE", "ou=groups,dc=example,dc=org")
            .environment("ENTREPOT_AUTH_LDAP_CORP_TIMEOUT", "2s")
            .start();
    management = new Management(server);
    management.team(
        "port", "dockers", "corp", "cn=stevedores,ou=groups,dc=example,dc=org", "write");
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
    if (slapd != null) {
      slapd.close();
    }
  }

  @Test
  void userOfAGroupPushesWithTheDirectorysPassword() {
    assertThat(management.push("port/app", basic("louise", "louise-password"))).isEqualTo(202);
  }

  @Test
  void userOutsideOfTheGroupLogsInAndMayNotPush() {
    assertThat(management.push("port/app", basic("rene", "rene-password"))).isEqualTo(403);
    assertThat(management.push("rene/app", basic("rene", "rene-password"))).isEqualTo(202);
  }

  @Test
  void passwordGrantGivesATokenOfTheGroupsRights() {
    HttpResponse<String> token =
        management.token(
            "grant_type",
            "password",
            "username",
            "louise",
            "password",
            "louise-password",
            "scope",
            "repository:port/app:pull,push");
    assertThat(management.push("port/app", bearer(token))).isEqualTo(202);
  }

  @Test
  void wrongAndEmptyPasswordsAndUnknownUsersAreRefusedAlike() {
    assertThat(management.push("port/app", basic("louise", "rene-password"))).isEqualTo(401);
    assertThat(management.push("port/app", basic("louise", ""))).isEqualTo(401);
    assertThat(management.push("port/app", basic("nobody", "louise-password"))).isEqualTo(401);
    assertThat(management.push("port/app", basic("*", "louise-password"))).isEqualTo(401);
  }

  @Test
  void accountDisabledHereIsDisabledAlthoughThePasswordIsRight() {
    assertThat(management.push("rene/app", basic("rene", "rene-password"))).isEqualTo(202);
    management.admin("PATCH", "/api/v1/users/rene", "{\"disabled\":true}");
    try {
      await().until(() -> management.push("rene/app", basic("rene", "rene-password")) / 100 == 4);
    } finally {
      management.admin("PATCH", "/api/v1/users/rene", "{\"disabled\":false}");
    }
  }

  @Test
  void directoryThatIsDownKeepsOnlyThoseOutWhoWereNotThereJustNow() {
    assertThat(management.push("port/app", basic("louise", "louise-password"))).isEqualTo(202);
    slapd.stop();
    try {
      assertThat(management.push("port/app", basic("louise", "another-password"))).isEqualTo(503);
      assertThat(management.push("port/app", basic("louise", "louise-password"))).isEqualTo(202);
      assertThat(management.push("port/app", basic("admin", Management.PASSWORD))).isEqualTo(202);
    } finally {
      slapd.startAgain();
    }
    assertThat(management.push("port/app", basic("louise", "louise-password"))).isEqualTo(202);
  }
}
