package dev.entrepot.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.RegistryUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code crane}, whose library is in ko, kaniko, cosign and many CI tools. */
@ExtendWith(RegistryUnderTest.class)
class CraneIT {
  @TempDir Path directory;
  private Registry registry;
  private String repository;
  private Program crane;

  @BeforeEach
  void findCrane(Registry registry) {
    this.registry = registry;
    this.repository = "crane/" + Registry.uniqueName();
    this.crane = Program.require("crane");
  }

  @Test
  void layoutComesBackWithItsDigests() {
    Image image = SampleImages.several();
    OciLayout layout = layout().add(image).tag(image.manifest(), "1");

    String pushed = crane.run("push", layout.directory().toString(), name("1")).text();
    crane.run("pull", "--format=oci", name("1"), directory + "/back");

    assertThat(pushed).endsWith("@" + image.manifest().digest());
    assertThat(OciLayout.at(directory.resolve("back")).digest())
        .isEqualTo(image.manifest().digest());
    assertThat(OciLayout.at(directory.resolve("back")).blobs()).isEqualTo(layout.blobs());
  }

  @Test
  void pushedImageIsValid() {
    registry.repository(repository).push(SampleImages.several(), "1");

    Program.Output output = crane.run("validate", "--remote", name("1"));

    assertThat(output.all()).contains("PASS");
  }

  @Test
  void dockerTarballIsPushed() {
    registry.repository(repository).push(SampleImages.several(), "1");
    crane.run("pull", name("1"), directory + "/image.tar");

    crane.run("push", directory + "/image.tar", name("2"));

    crane.run("validate", "--remote", name("2"));
    assertThat(crane.run("config", name("2")).out())
        .isEqualTo(crane.run("config", name("1")).out());
  }

  @Test
  void nestedIndexComesBack() {
    Image amd64 = SampleImages.small("amd64");
    Image arm64 = SampleImages.small("arm64");
    Manifest inner = Manifest.index().manifest(amd64.manifest()).build();
    Manifest outer = Manifest.index().manifest(inner).manifest(arm64.manifest()).build();
    OciLayout layout =
        layout().add(amd64).add(arm64).add(inner.content()).add(outer.content()).tag(outer, "1");

    crane.run("push", "--index", layout.directory().toString(), name("wrapped"));
    String child =
        crane
            .run("manifest", name("wrapped"))
            .out()
            .replaceAll("(?s).*(sha256:[0-9a-f]{64}).*", "$1");
    crane.run("copy", registry.authority() + "/" + repository + "@" + child, name("1"));

    assertThat(crane.run("digest", name("1")).text()).isEqualTo(outer.digest());
    crane.run("validate", "--remote", name("1"));
  }

  @Test
  void layerIsAppendedToABase() throws IOException {
    Image base = registry.repository(repository).push(SampleImages.several(), "1");
    Path tar = directory.resolve("layer.tar");
    Files.write(tar, new Tarball().file("added", "file").bytes());

    crane.run("append", "--base", name("1"), "--new_layer", tar.toString(), "--new_tag", name("2"));

    crane.run("validate", "--remote", name("2"));
    assertThat(crane.run("export", name("2"), "-").out()).contains("added");
    assertThat(crane.run("manifest", name("2")).out()).contains(base.layer().digest());
  }

  @Test
  void imageIsMadeFromNothing() throws IOException {
    Path tar = directory.resolve("layer.tar");
    Files.write(tar, new Tarball().file("only", "file").bytes());

    crane.run("append", "--oci-empty-base", "--new_layer", tar.toString(), "--new_tag", name("1"));

    crane.run("validate", "--remote", name("1"));
  }

  @Test
  void copyToAnotherRepositoryKeepsTheDigest() {
    Image image = registry.repository(repository).push(SampleImages.several(), "1");
    String copy = registry.authority() + "/crane/" + Registry.uniqueName() + ":2";

    crane.run("copy", name("1"), copy);

    assertThat(crane.run("digest", copy).text()).isEqualTo(image.manifest().digest());
    crane.run("validate", "--remote", copy);
  }

  @Test
  void copyOfAllTagsBringsEachOne() {
    registry.repository(repository).pushImage("1", "2", "3");
    String copy = registry.authority() + "/crane/" + Registry.uniqueName();

    crane.run("copy", "--all-tags", registry.authority() + "/" + repository, copy);

    assertThat(crane.run("ls", copy).out().lines()).containsExactly("1", "2", "3");
  }

  @Test
  void indexIsAssembledFromPushedImages() {
    Image amd64 = registry.repository(repository).push(SampleImages.small("amd64"), "amd64");
    registry.repository(repository).push(SampleImages.small("arm64"), "arm64");

    crane.run("index", "append", "-m", name("amd64"), "-m", name("arm64"), "-t", name("both"));

    assertThat(crane.run("digest", "--platform=linux/amd64", name("both")).text())
        .isEqualTo(amd64.manifest().digest());
    crane.run("validate", "--remote", name("both"));
  }

  @Test
  void foreignLayerIsPushedOnlyWhenAskedTo() {
    Image image = SampleImages.withForeignLayer();
    OciLayout layout = layout().add(image).tag(image.manifest(), "1");

    crane.run("push", layout.directory().toString(), name("1"));

    assertThat(crane.run("digest", name("1")).text()).isEqualTo(image.manifest().digest());
  }

  @Test
  void tagIsAddedWithoutAPull() {
    Image image = registry.repository(repository).push(SampleImages.several(), "1");

    crane.run("tag", name("1"), "2");

    assertThat(crane.run("digest", name("2")).text()).isEqualTo(image.manifest().digest());
  }

  @Test
  void repositoryIsInTheCatalogAndItsTagsAreListed() {
    registry.repository(repository).pushImage("b", "a", "C");

    List<String> catalog = crane.run("catalog", registry.authority()).out().lines().toList();
    List<String> tags =
        crane.run("ls", registry.authority() + "/" + repository).out().lines().toList();

    assertThat(catalog).contains(repository);
    assertThat(tags).containsExactly("C", "a", "b");
  }

  @Test
  void imageIsDeletedByDigest() {
    Image image = registry.repository(repository).push(SampleImages.several(), "1");

    crane.run("delete", registry.authority() + "/" + repository + "@" + image.manifest().digest());

    assertThat(crane.attempt("digest", name("1")).exit()).isNotZero();
  }

  @Test
  void blobIsReadByDigest() {
    Image image = registry.repository(repository).push(SampleImages.several(), "1");
    Blob config = image.config();

    String text =
        crane.run("blob", registry.authority() + "/" + repository + "@" + config.digest()).out();

    assertThat(Blob.of(text).digest()).isEqualTo(config.digest());
  }

  @Test
  void changedConfigurationIsPushedWithMountedLayers() {
    Image image = registry.repository(repository).push(SampleImages.several(), "1");
    String copy = registry.authority() + "/crane/" + Registry.uniqueName() + ":mutated";

    crane.run("mutate", name("1"), "--label", "a=b", "--tag", copy);

    assertThat(crane.run("config", copy).out()).contains("\"a\":\"b\"");
    assertThat(crane.run("manifest", copy).out()).contains(image.layer().digest());
    crane.run("validate", "--remote", copy);
  }

  private OciLayout layout() {
    return OciLayout.create(directory.resolve("layout"));
  }

  private String name(String tag) {
    return registry.authority() + "/" + repository + ":" + tag;
  }
}
