package dev.entrepot.account;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.entrepot.database.Sql;
import dev.entrepot.management.ManagementCalls;
import dev.entrepot.management.ManagementServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ManagementServer.class)
class OrganisationsIT extends ManagementCalls {
  @Test
  void anOrganisationIsUnseenByOthers() {
    String owner = user();
    String organisation = organisation(owner);
    String stranger = user();
    String there = as(stranger).get("/organisations/" + organisation).then().extract().asString();
    String absent = as(stranger).get("/organisations/no-such").then().extract().asString();
    assertEquals(absent, there);
    as(stranger).get("/organisations/" + organisation).then().statusCode(404);
    as(stranger).get("/organisations").then().body("", hasSize(0));
    as(owner).get("/organisations").then().body("name", equalTo(List.of(organisation)));
  }

  @Test
  void membersSeeAndOwnersChange() {
    String owner = user();
    String organisation = organisation(owner);
    String path = "/organisations/" + organisation;
    String member = user();
    as(owner).body("{\"owner\":false}").put(path + "/members/" + member).then().statusCode(200);
    as(member).get(path).then().statusCode(200).body("memberRole", equalTo("read"));
    as(member).body("{\"memberRole\":\"admin\"}").patch(path).then().statusCode(403);
    as(owner)
        .body("{\"memberRole\":\"write\",\"defaultVisibility\":\"internal\"}")
        .patch(path)
        .then()
        .statusCode(200)
        .body("memberRole", equalTo("write"))
        .body("defaultVisibility", equalTo("internal"));
    as(owner).body("{\"quotaBytes\":5}").patch(path).then().statusCode(400);
    as(owner).body("{\"bytes\":5}").put(path + "/quota").then().statusCode(403);
    as("admin").body("{\"bytes\":5}").put(path + "/quota").then().body("quotaBytes", equalTo(5));
  }

  @Test
  void theLastOwnerStays() {
    String owner = user();
    String path = "/organisations/" + organisation(owner) + "/members/";
    as(owner).delete(path + owner).then().statusCode(409);
    as(owner).body("{\"owner\":false}").put(path + owner).then().statusCode(409);
    as("admin").delete("/users/" + owner).then().statusCode(409);
    as(owner).body("{\"owner\":true}").put(path + user()).then().statusCode(200);
    as(owner).delete(path + owner).then().statusCode(204);
  }

  @Test
  void oneOfTwoOwnersWhoRemoveEachOtherStays() throws Exception {
    String one = user();
    String other = user();
    String organisation = organisation(one);
    String members = "/organisations/" + organisation + "/members/";
    as(one).body("{\"owner\":true}").put(members + other).then().statusCode(200);
    List<Integer> statuses =
        whileLocked(
            "SELECT FROM namespace WHERE name = '" + organisation + "' FOR UPDATE",
            List.of(
                () -> as(one).delete(members + other).statusCode(),
                () -> as(other).delete(members + one).statusCode()));
    assertEquals(List.of(204, 409), statuses);
  }

  @Test
  void onlyATakingAwayEndsTheMembersTokens() {
    String owner = user();
    String path = "/organisations/" + organisation(owner);
    String account = "user:" + id(owner);
    for (String granting :
        List.of(
            "{\"memberRole\":\"maintain\"}",
            "{\"defaultVisibility\":\"public\"}",
            "{\"defaultVisibility\":\"private\",\"defaultQuotaBytes\":1}")) {
      as(owner).body(granting).patch(path).then().statusCode(200);
    }
    assertEquals(0, changed(account));
    as(owner).body("{\"memberRole\":\"write\"}").patch(path).then().statusCode(200);
    assertEquals(1, changed(account));
    as(owner).body("{\"memberRole\":null}").patch(path).then().statusCode(200);
    assertEquals(2, changed(account));
    as(owner).body("{\"membersCreate\":false}").patch(path).then().statusCode(200);
    assertEquals(3, changed(account));
  }

  @Test
  void aPageOfATeamMayEndBetweenTwoWaysIntoIt() {
    String owner = user();
    String organisation = organisation(owner);
    String path = "/organisations/" + organisation + "/teams";
    as(owner).body("{\"name\":\"core\"}").post(path).then().statusCode(201);
    as(owner).put(path + "/core/members/" + owner).then().statusCode(204);
    database.transact(
        c ->
            Sql.update(
                c,
                "INSERT INTO team_member (team_id, user_id, provider) SELECT id, ?, 'corp' FROM team"
                    + " WHERE organisation_id = ?",
                id(owner),
                id(organisation)));
    var first = as(owner).get(path + "/core/members?limit=1").then().extract();
    assertEquals(List.of(""), first.path("provider"));
    String next =
        Pattern.compile("<(.*)>")
            .matcher(first.header("Link"))
            .results()
            .findFirst()
            .orElseThrow()
            .group(1);
    as(owner)
        .urlEncodingEnabled(false)
        .get(path + "/core/members" + next)
        .then()
        .body("provider", equalTo(List.of("corp")));
  }

  @Test
  void aTeamHasMembersOfTheOrganisation() {
    String owner = user();
    String organisation = organisation(owner);
    String path = "/organisations/" + organisation + "/teams";
    as(owner).body("{\"name\":\"core\"}").post(path).then().statusCode(201);
    as(owner).body("{\"name\":\"core\"}").post(path).then().statusCode(409);
    as(owner).put(path + "/core/members/" + user()).then().statusCode(409);
    as(owner).put(path + "/core/members/" + owner).then().statusCode(204);
    as(owner).get(path + "/core/members").then().body("user", equalTo(List.of(owner)));
    as(owner)
        .body("{\"groups\":[{\"provider\":\"corp\",\"group\":\"devs\"}]}")
        .put(path + "/core/groups")
        .then()
        .statusCode(200)
        .body("groups.group", equalTo(List.of("devs")));
    as(owner).delete(path + "/core/members/" + owner).then().statusCode(204);
    as(owner).delete(path + "/core").then().statusCode(204);
    as(owner).get(path).then().body("", hasSize(0));
  }
}
