package dev.entrepot.conformance.promise;

import static dev.entrepot.conformance.support.Answers.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.Promise;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, tags and digests by the specification's grammar; paths are read from the right. */
@Section("Promise > Names")
class NamesIT {
  @ParameterizedTest
  @Tag("promise")
  @ValueSource(
      strings = {
        "",
        ".b",
        "_b",
        "__b",
        "-b",
        "--b",
        "---b",
        "/b",
        "/b/c/d/e/f",
        "/1",
        "/b.c_d__e-f",
        "/manifests/b",
        "/manifests/manifests",
        "/blobs/b",
        "/blobs/uploads/b",
        "/tags/list",
        "/tags/list/b",
        "/referrers/b",
        "/v2/b"
      })
  void nameOfTheGrammarIsTaken(String suffix, Registry registry) {
    Repository repository = registry.repository(Registry.uniqueName() + suffix);
    Image image = repository.pushImage("v1");
    repository.request().get(repository.manifest("v1")).then().statusCode(200);
    repository.request().get(repository.blob(image.layer())).then().statusCode(200);
    repository
        .request()
        .get(repository.tags())
        .then()
        .body("name", equalTo(repository.name()))
        .body("tags", contains("v1"));
    repository
        .request()
        .get(repository.referrers(image.manifest().digest()))
        .then()
        .statusCode(200);
  }

  @ParameterizedTest
  @Tag("promise")
  @ValueSource(
      strings = {
        "UPPER", "a..b", "a___b", "a._b", "-a", "a-", "a.", ".a", "_a", "a_", "a/.b", "a/b-",
        "a%20b", "a%2Fb", "a%0Ab", "%C3%A4", "a+b", "a@b", "a:b", "a%2e%2e"
      })
  void nameBeyondTheGrammarIs400(String name, Registry registry) {
    for (String rest : new String[] {"/tags/list", "/manifests/v1"}) {
      registry.request().get("/v2/" + name + rest).then().spec(error(400, "NAME_INVALID"));
    }
    registry
        .request()
        .post("/v2/" + name + "/blobs/uploads/")
        .then()
        .spec(error(400, "NAME_INVALID"));
  }

  @Promise
  void nameOf255CharactersIsTaken(Registry registry) {
    Repository repository = registry.repository(longName(255));
    Image image = repository.pushImage("v1");
    repository.request().get(repository.blob(image.layer())).then().statusCode(200);
    repository.request().get(repository.tags()).then().body("tags", contains("v1"));
  }

  @Promise
  void nameOf256CharactersIs400(Registry registry) {
    Repository repository = registry.repository(longName(256));
    repository.request().get(repository.tags()).then().spec(error(400, "NAME_INVALID"));
    repository.request().post(repository.uploads()).then().spec(error(400, "NAME_INVALID"));
  }

  @Promise
  void libraryIsTheTopLevel(Registry registry) {
    String name = Registry.uniqueName();
    Repository shortName = registry.repository(name);
    Repository longName = registry.repository("library/" + name);
    Image image = longName.pushImage("v1");
    assertThat(shortName.request().get(shortName.manifest("v1")).asByteArray())
        .isEqualTo(image.manifest().bytes());
    Blob blob = shortName.push(Blob.random(10));
    longName.request().head(longName.blob(blob)).then().statusCode(200);
    longName.request().get(longName.tags()).then().body("tags", contains("v1"));
    longName.request().delete(longName.manifest("v1")).then().statusCode(202);
    shortName.request().get(shortName.manifest("v1")).then().statusCode(404);
  }

  @Promise
  void libraryWithTwoComponentsIsItself(Registry registry) {
    String name = Registry.uniqueName();
    registry.repository("library/" + name + "/b").pushImage("v1");
    Repository other = registry.repository(name + "/b");
    other.request().get(other.tags()).then().statusCode(404);
  }

  @ParameterizedTest
  @Tag("promise")
  @ValueSource(strings = {".a", "-a", "a%20b", "a%00", "%C3%A4", "a+b", "a~b", "a%2Fb", "a%0Ab"})
  void tagBeyondTheGrammarIs400OnPush(String tag, Repository repository) {
    repository.put(Manifest.index().build(), tag).then().spec(error(400, "TAG_INVALID"));
  }

  @ParameterizedTest
  @Tag("promise")
  @ValueSource(strings = {".a", "-a", "a%20b", "a%00", "%C3%A4"})
  void tagBeyondTheGrammarIsNotFound(String tag, Repository repository) {
    repository.push(Manifest.index().build(), "v1");
    repository.request().get(repository.manifest(tag)).then().statusCode(anyOf(is(400), is(404)));
  }

  @Promise
  void tagOf129CharactersIs400(Repository repository) {
    repository
        .put(Manifest.index().build(), "t".repeat(129))
        .then()
        .spec(error(400, "TAG_INVALID"));
  }

  @Promise
  void tagsDifferInCase(Repository repository) {
    Manifest lower = repository.push(Manifest.index().build(), "tag");
    repository.push(Manifest.index().build(), "TAG");
    assertThat(repository.request().get(repository.manifest("tag")).asByteArray())
        .isEqualTo(lower.bytes());
  }

  @ParameterizedTest
  @Tag("promise")
  @ValueSource(
      strings = {
        "sha256:",
        "sha256:abc",
        "sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85g",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8550",
        "SHA256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "sha512:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "md5:d41d8cd98f00b204e9800998ecf8427e",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ":"
      })
  void malformedDigestIs400(String digest, Repository repository) {
    repository.request().get(repository.blob(digest)).then().spec(error(400, "DIGEST_INVALID"));
    repository.request().delete(repository.blob(digest)).then().spec(error(400, "DIGEST_INVALID"));
    repository
        .request()
        .put(Repository.closing(repository.startUpload(), digest))
        .then()
        .spec(error(400, "DIGEST_INVALID"));
  }

  private static String longName(int length) {
    String start = Registry.uniqueName() + "/";
    return start + "x".repeat(length - start.length());
  }
}
