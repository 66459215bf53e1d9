package dev.entrepot.config;

import dev.entrepot.docs.GeneratedPage;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {
  @Test
  void pageAgreesWithTheSettings() throws IOException {
    new GeneratedPage("docs/operations/configuration.md")
        .mustBe(ConfigurationPage.generate(Path.of("main/java/dev/entrepot/config")));
  }
}
