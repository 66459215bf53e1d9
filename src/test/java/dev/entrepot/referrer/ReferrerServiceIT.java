package dev.entrepot.referrer;

import static dev.entrepot.tag.ContentCore.bytes;
import static dev.entrepot.tag.ContentCore.descriptor;
import static dev.entrepot.tag.ContentCore.digest;
import static dev.entrepot.tag.ContentCore.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.config.TestConfig;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.oci.MediaTypes;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.Digest;
import dev.entrepot.tag.ContentCore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReferrerServiceIT {
  private static TestDatabase postgres;
  private static ContentCore core;

  @BeforeAll
  static void open() {
    postgres = TestDatabase.open();
    core =
        new ContentCore(
            postgres.database(),
            TestConfig.with(
                Map.of(
                    "entrepot.listing.referrers-page-size", "10",
                    "entrepot.manifest.max-size", "4K")));
  }

  @AfterAll
  static void close() {
    postgres.close();
  }

  @Test
  void anUnknownRepositoryAndAnUnknownSubjectHaveNone() {
    assertEquals(
        new ReferrerService.Page(List.of(), false),
        core.referrers.list(name("none"), digest("x"), null, null));
    core.pushImage(name("some"), "config");
    assertTrue(list(name("some"), "x", null).isEmpty());
  }

  @Test
  void aReferrerIsDescribedAsItWasPushed() {
    RepositoryName repository = name("described");
    String annotations = "{\"org.example\":\"é\\n\"}";
    String content =
        attach(
            repository, "subject", "\"artifactType\":\"a/b\",\"annotations\":" + annotations + ",");
    assertEquals(
        List.of(
            new Referrer(
                MediaTypes.OCI_MANIFEST,
                digest(content),
                bytes(content).length,
                "a/b",
                annotations)),
        list(repository, "subject", null));
    core.delete(repository, digest(content));
    assertTrue(list(repository, "subject", null).isEmpty());
  }

  @Test
  void theConfigsTypeStandsInForAnImageAndNothingForAnIndex() {
    RepositoryName repository = name("types");
    attach(repository, "of image", "");
    assertEquals(
        "application/vnd.example.config",
        list(repository, "of image", null).getFirst().artifactType());
    core.push(
        repository,
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[],\"subject\":%s}"
            .formatted(MediaTypes.OCI_INDEX, descriptor("x/y", "of index")));
    Referrer index = list(repository, "of index", null).getFirst();
    assertNull(index.artifactType());
    assertNull(index.annotations());
  }

  @Test
  void theFilterIsExact() {
    RepositoryName repository = name("filter");
    for (String type : List.of("a/b", "a/B", "a/bb")) {
      attach(repository, "s", "\"artifactType\":\"" + type + "\",");
    }
    assertEquals(3, list(repository, "s", null).size());
    assertEquals("a/b", list(repository, "s", "a/b").getFirst().artifactType());
    assertEquals(1, list(repository, "s", "a/b").size());
    assertTrue(list(repository, "s", "a/%").isEmpty());
  }

  @Test
  void pagesFollowEachOtherWithoutGapOrOverlap() {
    RepositoryName repository = name("pages");
    for (int i = 0; i < 25; i++) {
      attach(repository, "s", "\"annotations\":{\"n\":\"" + i + "\"},");
    }
    assertFalse(core.referrers.list(repository, digest("other"), null, null).more());
    assertEquals(List.of(10, 10, 5), pageSizes(repository));
    assertEquals(25, list(repository, "s", null).stream().distinct().count());
  }

  @Test
  void pagesEndWhereTheirAnnotationsTakeTooMuchRoom() {
    RepositoryName repository = name("room");
    for (int i = 0; i < 5; i++) {
      attach(repository, "s", "\"annotations\":{\"n\":\"" + i + "x".repeat(1500) + "\"},");
    }
    assertEquals(List.of(2, 2, 1), pageSizes(repository));
    assertEquals(5, list(repository, "s", null).stream().distinct().count());
  }

  private static List<Integer> pageSizes(RepositoryName repository) {
    List<Integer> sizes = new ArrayList<>();
    Digest last = null;
    while (true) {
      var page = core.referrers.list(repository, digest("s"), null, last);
      sizes.add(page.referrers().size());
      if (!page.more()) {
        return sizes;
      }
      last = page.referrers().getLast().digest();
    }
  }

  private static List<Referrer> list(
      RepositoryName repository, String subject, @Nullable String type) {
    List<Referrer> all = new ArrayList<>();
    ReferrerService.Page page;
    Digest last = null;
    do {
      page = core.referrers.list(repository, digest(subject), type, last);
      all.addAll(page.referrers());
      last = all.isEmpty() ? null : all.getLast().digest();
    } while (page.more());
    return all;
  }

  private static String attach(RepositoryName repository, String subject, String fields) {
    core.pushBlob(repository, "{}");
    String content =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",%s\"config\":%s,\"layers\":[],\"subject\":%s}"
            .formatted(
                MediaTypes.OCI_MANIFEST,
                fields,
                descriptor("application/vnd.example.config", "{}"),
                descriptor(MediaTypes.OCI_MANIFEST, subject));
    core.push(repository, content);
    return content;
  }
}
