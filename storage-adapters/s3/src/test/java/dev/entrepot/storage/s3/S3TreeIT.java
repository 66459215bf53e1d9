package dev.entrepot.storage.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.testkit.s3.S3Server;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reading what another program has put into a bucket. */
class S3TreeIT {
  @ParameterizedTest
  @EnumSource(S3Server.Kind.class)
  void foldersOfSeveralPagesAreNamedOnce(S3Server.Kind kind) {
    List<String> names = List.of("B", "a", "b", "c", "d", "e", "f");
    try (S3Server server = start(kind);
        S3Tree tree = tree(server)) {
      names.forEach(name -> put(server, "a/" + name + "/Link", "a/" + name + "/more/deep"));
      put(server, "a/file", "ab/other/file");
      assertEquals(names, client(server).folders("a/", 3).toList());
      assertEquals(names, tree.folders("a/").toList());
      assertEquals(List.of(), tree.folders("b/").toList());
      assertEquals(List.of("a", "ab"), tree.folders("").toList());
    }
  }

  @ParameterizedTest
  @EnumSource(S3Server.Kind.class)
  void objectsAreReadAndWhatIsAbsentIsEmpty(S3Server.Kind kind) throws Exception {
    try (S3Server server = start(kind);
        S3Tree tree = tree(server)) {
      put(server, "Dir/File");
      client(server).putSide("empty", new byte[0], false);
      byte[] content = bytes("Dir/File");
      assertEquals(Optional.of((long) content.length), tree.size("Dir/File"));
      try (BlobContent opened = tree.open("Dir/File", content.length)) {
        assertArrayEquals(content, opened.stream().readAllBytes());
      }
      try (BlobContent opened = tree.open("empty", 0)) {
        assertEquals(0, opened.stream().readAllBytes().length);
      }
      assertArrayEquals(bytes("Dir"), tree.read("Dir/File", 3).orElseThrow());
      assertArrayEquals(content, tree.read("Dir/File", 100).orElseThrow());
      assertEquals(0, tree.read("empty", 100).orElseThrow().length);
      assertEquals(Optional.empty(), tree.read("absent", 100));
      assertEquals(Optional.empty(), tree.size("absent"));
      assertThrows(StorageException.NotFound.class, () -> tree.open("absent", 1));
    }
  }

  @ParameterizedTest
  @EnumSource(S3Server.Kind.class)
  void bucketThatIsNotThereIsNotEmpty(S3Server.Kind kind) {
    try (S3Server server = start(kind);
        S3Tree tree = new S3Tree(Buckets.settings(server, "absent"))) {
      assertThrows(StorageException.Unavailable.class, () -> tree.has("a/"));
      assertThrows(StorageException.Unavailable.class, () -> tree.size("a"));
      assertThrows(StorageException.Unavailable.class, () -> tree.read("a", 1));
    }
  }

  private static S3Server start(S3Server.Kind kind) {
    Assumptions.assumeTrue(kind.isInstalled(), kind.program() + " is not installed");
    return S3Server.start(kind);
  }

  private static S3Tree tree(S3Server server) {
    return new S3Tree(Buckets.settings(server, S3Server.BUCKET));
  }

  private static S3Client client(S3Server server) {
    return new S3Client(Buckets.settings(server, S3Server.BUCKET), new OkHttpClient());
  }

  /** Objects that contain their keys. */
  private static void put(S3Server server, String... keys) {
    for (String key : keys) {
      client(server).putSide(key, bytes(key), false);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
