package dev.entrepot.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.MediaTypes;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.RegistryUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code skopeo}, which shares its library with podman, buildah and CRI-O. */
@ExtendWith(RegistryUnderTest.class)
class SkopeoIT {
  @TempDir Path directory;
  private Registry registry;
  private String repository;
  private Program skopeo;

  @BeforeEach
  void findSkopeo(Registry registry) {
    this.registry = registry;
    this.repository = "skopeo/" + Registry.uniqueName();
    this.skopeo = Program.require("skopeo").with("--insecure-policy");
  }

  @Test
  void ociImageComesBackWithItsDigests() {
    Image image = SampleImages.several();
    OciLayout layout = layout().add(image).tag(image.manifest(), "1");

    copy("oci:" + layout.directory() + ":1", remote("1"));
    copy(remote("1"), "oci:" + directory.resolve("back") + ":1");

    OciLayout back = OciLayout.at(directory.resolve("back"));
    assertThat(back.digest()).isEqualTo(image.manifest().digest());
    assertThat(back.blobs()).isEqualTo(layout.blobs());
  }

  @Test
  void imageIsConvertedToDockersFormatOnPush() throws IOException {
    Image image = SampleImages.several();
    layout().add(image).tag(image.manifest(), "1");

    copy("--format=v2s2", "oci:" + directory.resolve("layout") + ":1", remote("1"));
    copy(remote("1"), "dir:" + directory.resolve("back"));

    byte[] manifest = Files.readAllBytes(directory.resolve("back/manifest.json"));
    assertThat(new String(manifest, java.nio.charset.StandardCharsets.UTF_8))
        .contains(MediaTypes.DOCKER_MANIFEST);
    assertThat(inspectDigest("1")).isEqualTo(Blob.of(manifest).digest());
  }

  @Test
  void imageIsConvertedToOciOnPush() {
    Image image = SampleImages.several();
    layout().add(image).tag(image.manifest(), "1");
    copy("--format=v2s2", "oci:" + directory.resolve("layout") + ":1", remote("docker"));

    copy("--format=oci", remote("docker"), remote("oci"));

    assertThat(skopeo.run("inspect", "--tls-verify=false", "--raw", remote("oci")).out())
        .contains(MediaTypes.OCI_MANIFEST);
  }

  @Test
  void dirImageKeepsItsManifest() throws IOException {
    Image image = SampleImages.several();
    layout().add(image).tag(image.manifest(), "1");
    copy("oci:" + directory.resolve("layout") + ":1", "dir:" + directory.resolve("dir"));

    copy("dir:" + directory.resolve("dir"), remote("1"));
    copy(remote("1"), "dir:" + directory.resolve("back"));

    assertThat(Files.readAllBytes(directory.resolve("back/manifest.json")))
        .isEqualTo(image.manifest().bytes());
    assertThat(inspectDigest("1")).isEqualTo(image.manifest().digest());
  }

  @Test
  void wholeIndexComesBack() {
    Image amd64 = SampleImages.small("amd64");
    Image arm64 = SampleImages.small("arm64");
    Manifest index =
        Manifest.index()
            .manifest(platform(amd64, "amd64"))
            .manifest(platform(arm64, "arm64"))
            .build();
    OciLayout layout = layout().add(amd64).add(arm64).add(index.content()).tag(index, "1");

    copy("--all", "oci:" + layout.directory() + ":1", remote("1"));
    copy("--all", remote("1"), "oci:" + directory.resolve("back") + ":1");

    assertThat(OciLayout.at(directory.resolve("back")).digest()).isEqualTo(index.digest());
    assertThat(OciLayout.at(directory.resolve("back")).blobs()).isEqualTo(layout.blobs());
  }

  @Test
  void copyBetweenRepositoriesKeepsTheDigest() {
    Image image = registry.repository(repository).push(SampleImages.several(), "1");
    String other = "docker://" + registry.authority() + "/skopeo/" + Registry.uniqueName() + ":2";

    copy("--preserve-digests", remote("1"), other);

    assertThat(digestOf(other)).isEqualTo(image.manifest().digest());
  }

  @Test
  void copyByDigestGivesThatImage() {
    Image first = registry.repository(repository).push(SampleImages.several(), "1");
    registry.repository(repository).push(SampleImages.several(), "1");

    copy(byDigest(first.manifest().digest()), "oci:" + directory.resolve("back") + ":1");

    assertThat(OciLayout.at(directory.resolve("back")).digest())
        .isEqualTo(first.manifest().digest());
  }

  @Test
  void foreignLayerIsNotAskedFor() {
    Image image = SampleImages.withForeignLayer();
    layout().add(image).tag(image.manifest(), "1");

    copy("oci:" + directory.resolve("layout") + ":1", remote("1"));

    assertThat(inspectDigest("1")).isEqualTo(image.manifest().digest());
  }

  @Test
  void tagsAreListed() {
    registry.repository(repository).pushImage("b", "a", "B", "10", "9");

    String tags =
        skopeo.run("list-tags", "--tls-verify=false", remote("x").replace(":x", "")).out();

    assertThat(tags).containsSubsequence("\"10\"", "\"9\"", "\"B\"", "\"a\"", "\"b\"");
  }

  @Test
  void deletedImageIsGoneWithItsTags() {
    registry.repository(repository).pushImage("1", "2");

    skopeo.run("delete", "--tls-verify=false", remote("1"));

    assertThat(skopeo.attempt("inspect", "--tls-verify=false", remote("1")).exit()).isNotZero();
    assertThat(skopeo.attempt("inspect", "--tls-verify=false", remote("2")).exit()).isNotZero();
  }

  @Test
  void syncBringsAllTagsToADirectoryAndBack() {
    Image image = registry.repository(repository).push(SampleImages.small("amd64"), "1", "2");
    String source = registry.authority() + "/" + repository;
    String other = registry.authority() + "/skopeo/" + Registry.uniqueName();

    skopeo.run(
        "sync",
        "--src-tls-verify=false",
        "--src=docker",
        "--dest=dir",
        source,
        directory + "/sync");
    skopeo.run(
        "sync",
        "--dest-tls-verify=false",
        "--src=dir",
        "--dest=docker",
        directory + "/sync",
        other);

    String name = repository.substring(repository.indexOf('/') + 1);
    assertThat(digestOf("docker://" + other + "/" + name + ":2"))
        .isEqualTo(image.manifest().digest());
  }

  @Test
  void inspectShowsConfigurationAndTags() {
    Image image = registry.repository(repository).push(SampleImages.several(), "1", "2");

    String shown = skopeo.run("inspect", "--tls-verify=false", remote("1")).out();

    assertThat(shown).contains(image.manifest().digest(), "\"A=b\"", "\"amd64\"", "\"2\"");
  }

  private com.fasterxml.jackson.databind.node.ObjectNode platform(Image image, String arch) {
    var descriptor = image.manifest().descriptor();
    descriptor.putObject("platform").put("architecture", arch).put("os", "linux");
    return descriptor;
  }

  private OciLayout layout() {
    return OciLayout.create(directory.resolve("layout"));
  }

  private void copy(String... arguments) {
    skopeo.with("copy", "--src-tls-verify=false", "--dest-tls-verify=false").run(arguments);
  }

  private String remote(String tag) {
    return "docker://" + registry.authority() + "/" + repository + ":" + tag;
  }

  private String byDigest(String digest) {
    return "docker://" + registry.authority() + "/" + repository + "@" + digest;
  }

  private String inspectDigest(String tag) {
    return digestOf(remote(tag));
  }

  private String digestOf(String reference) {
    return skopeo.run("inspect", "--tls-verify=false", "--format={{.Digest}}", reference).text();
  }
}
