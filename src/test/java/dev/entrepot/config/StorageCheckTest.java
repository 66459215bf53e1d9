package dev.entrepot.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StorageCheckTest {
  private static final Map<String, String> WORKING =
      Map.of("type", "s3", "s3.endpoint", "https://s3.example.com", "s3.bucket", "registry");

  @TempDir private Path directory;

  private static List<String> faults(Map<String, String> storage) {
    Map<String, String> properties = new HashMap<>();
    storage.forEach((name, value) -> properties.put("entrepot.storage." + name, value));
    List<String> faults = new ArrayList<>();
    StorageCheck.check(TestConfig.with(properties).storage(), faults);
    return faults;
  }

  @Test
  void directoriesAndBucketsNeedNoMoreThanTheirPlace() {
    assertEquals(List.of(), faults(Map.of()));
    assertEquals(List.of(), faults(WORKING));
  }

  @Test
  void objectStoreNeedsItsPlace() {
    assertEquals(2, faults(Map.of("type", "s3")).size());
  }

  @ParameterizedTest
  @CsvSource({
    "s3.endpoint, s3.example.com",
    "s3.endpoint, https://s3.example.com/path",
    "s3.public-endpoint, ftp://s3.example.com",
    "s3.bucket, Registry",
    "s3.access-key, only",
    "s3.secret-key, only",
    "s3.ca, /nowhere/ca.pem",
    "s3.encryption.type, kms",
    "s3.encryption.type, customer",
    "s3.encryption.key-id, one",
    "s3.transfer.part-size, 4M",
    "s3.transfer.buffer-budget, 15M",
    "s3.transfer.max-attempts, 0",
    "redirect.url-life, 999ms",
    "redirect.url-life, 604801s"
  })
  void whatCannotWorkIsOneFault(String name, String value) {
    Map<String, String> broken = new HashMap<>(WORKING);
    broken.put(name, value);
    assertEquals(1, faults(broken).size(), () -> faults(broken).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1s", "7d"})
  void urlsLiveAsLongAsStoresLetThem(String life) {
    assertEquals(List.of(), faults(Map.of("redirect.url-life", life)));
  }

  @ParameterizedTest
  @CsvSource({"s3.public-endpoint, https://s3.example.com", "redirect.cdn.type, nginx"})
  void nobodyIsSentToWhatOnlyOurKeyOpens(String name, String value) throws IOException {
    Map<String, String> encrypted = new HashMap<>(WORKING);
    encrypted.put("s3.encryption.type", "customer");
    encrypted.put("s3.encryption.key-file", Files.createFile(directory.resolve("key")).toString());
    assertEquals(List.of(), faults(encrypted));

    encrypted.put(name, value);
    List<String> faults = faults(encrypted);
    assertEquals(1, faults.size(), faults::toString);
    assertTrue(faults.getFirst().startsWith("entrepot.storage." + name + ": "), faults::toString);
  }
}
