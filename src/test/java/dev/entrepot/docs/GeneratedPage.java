package dev.entrepot.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A page of the documentation that is generated from code. Its test fails when the page and the
 * code have drifted apart, and writes the page when it runs with {@code -Ddocs.write=true}.
 */
public final class GeneratedPage {
  private static final String WRITE = "docs.write";

  private final String path;

  /**
   * Names a page.
   *
   * @param path from the root of the project, such as {@code docs/api/errors.md}
   */
  public GeneratedPage(String path) {
    this.path = path;
  }

  /** Compares the page with what it should be; or makes it so, where that was asked for. */
  public void mustBe(String content) {
    Path file = projectRoot().resolve(path);
    try {
      if (Boolean.getBoolean(WRITE)) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
      }
      assertEquals(
          content,
          Files.exists(file) ? Files.readString(file) : "",
          path + " is not what the code says; run this test with -D" + WRITE + "=true");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Text as it can stand in a cell of a table. */
  public static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;");
  }

  private static Path projectRoot() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve("mvnw"))) {
        return at;
      }
    }
    throw new IllegalStateException("run the tests inside the project");
  }
}
