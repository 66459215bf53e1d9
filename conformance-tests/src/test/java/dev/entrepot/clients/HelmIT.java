package dev.entrepot.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.RegistryUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code helm}: charts as OCI artifacts. */
@ExtendWith(RegistryUnderTest.class)
class HelmIT {
  @TempDir Path directory;
  private String repository;
  private Program helm;

  @BeforeEach
  void findHelm(Registry registry) {
    repository = "oci://" + registry.authority() + "/helm/" + Registry.uniqueName();
    helm =
        Program.require("helm")
            .environment("HELM_CACHE_HOME", directory.resolve("cache").toString())
            .environment("HELM_CONFIG_HOME", directory.resolve("config").toString())
            .environment("HELM_DATA_HOME", directory.resolve("data").toString());
  }

  @Test
  void chartComesBackAsItWasPushed() throws IOException {
    Path chart = chart("1.2.3");

    helm.run("push", "--plain-http", chart.toString(), repository);
    Path back = Files.createDirectory(directory.resolve("back"));
    helm.run(
        "pull", "--plain-http", "--version=1.2.3", "--destination=" + back, repository + "/sample");

    assertThat(Blob.of(Files.readAllBytes(back.resolve("sample-1.2.3.tgz"))).digest())
        .isEqualTo(Blob.of(Files.readAllBytes(chart)).digest());
  }

  @Test
  void newestVersionOfARangeIsFoundByItsTags() throws IOException {
    helm.run("push", "--plain-http", chart("1.2.3").toString(), repository);
    helm.run("push", "--plain-http", chart("1.10.0").toString(), repository);
    helm.run("push", "--plain-http", chart("2.0.0").toString(), repository);

    String shown =
        helm.run("show", "chart", "--plain-http", "--version=^1", repository + "/sample").out();

    assertThat(shown).contains("version: 1.10.0");
  }

  @Test
  void chartIsRenderedFromTheRegistry() throws IOException {
    helm.run("push", "--plain-http", chart("1.2.3").toString(), repository);

    String rendered = helm.run("template", "release", "--plain-http", repository + "/sample").out();

    assertThat(rendered).contains("word: from-the-chart");
  }

  private Path chart(String version) throws IOException {
    Path chart = Files.createDirectories(directory.resolve("sample"));
    Files.createDirectories(chart.resolve("templates"));
    Files.writeString(
        chart.resolve("Chart.yaml"), "apiVersion: v2\nname: sample\nversion: " + version + "\n");
    Files.writeString(
        chart.resolve("templates/map.yaml"),
        """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: sample
        data:
          word: from-the-chart
        """);
    helm.run("package", "--destination=" + directory, chart.toString());
    return directory.resolve("sample-" + version + ".tgz");
  }
}
