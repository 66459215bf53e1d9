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

/** {@code regctl}, the client closest to the newest parts of the specification. */
@ExtendWith(RegistryUnderTest.class)
class RegctlIT {
  @TempDir Path directory;
  private Registry registry;
  private String repository;
  private Program regctl;

  @BeforeEach
  void findRegctl(Registry registry) {
    this.registry = registry;
    this.repository = registry.authority() + "/regctl/" + Registry.uniqueName();
    this.regctl =
        Program.require("regctl")
            .environment("REGCTL_CONFIG", directory.resolve("config.json").toString());
    regctl.run("registry", "set", registry.authority(), "--tls=disabled", "--skip-check");
  }

  @Test
  void imageIsCopiedWithItsReferrers() {
    Image image = pushed(SampleImages.several(), "1");
    putArtifact("application/vnd.test.sbom", "--subject=" + repository + ":1");
    String copy = registry.authority() + "/regctl/" + Registry.uniqueName() + ":1";

    regctl.run("image", "copy", "--referrers", repository + ":1", copy);

    assertThat(regctl.run("image", "digest", copy).text()).isEqualTo(image.manifest().digest());
    assertThat(regctl.run("artifact", "list", copy).out()).contains("application/vnd.test.sbom");
  }

  @Test
  void layoutWithReferrersComesBack() {
    pushed(SampleImages.several(), "1");
    putArtifact("application/vnd.test.sbom", "--subject=" + repository + ":1");
    String layout = "ocidir://" + directory.resolve("layout") + ":1";
    String copy = registry.authority() + "/regctl/" + Registry.uniqueName() + ":1";

    regctl.run("image", "copy", "--referrers", repository + ":1", layout);
    regctl.run("image", "copy", "--referrers", layout, copy);

    assertThat(regctl.run("artifact", "list", copy).out()).contains("application/vnd.test.sbom");
  }

  @Test
  void referrersAreFilteredByArtifactType() {
    pushed(SampleImages.several(), "1");
    putArtifact("application/vnd.test.sbom", "--subject=" + repository + ":1");
    putArtifact("application/vnd.test.signature", "--subject=" + repository + ":1");

    String listed =
        regctl
            .run(
                "artifact",
                "list",
                "--filter-artifact-type=application/vnd.test.signature",
                repository + ":1")
            .out();

    assertThat(listed).contains("vnd.test.signature").doesNotContain("vnd.test.sbom");
  }

  @Test
  void referrersAreFoundByTheApiAndNotByATag() {
    pushed(SampleImages.several(), "1");
    putArtifact("application/vnd.test.sbom", "--subject=" + repository + ":1");

    String tags = regctl.run("tag", "ls", repository).out();

    assertThat(tags.lines()).as("no fallback tag sha256-…").containsExactly("1");
  }

  @Test
  void artifactWithFilesComesBack() throws IOException {
    Path file = Files.writeString(directory.resolve("file.txt"), "content of the artifact");

    regctl.run(
        "artifact",
        "put",
        "--artifact-type=application/vnd.test.files",
        "--file=" + file,
        "--file-media-type=text/plain",
        "--file-title",
        repository + ":artifact");
    String back = regctl.run("artifact", "get", repository + ":artifact").out();

    assertThat(back).isEqualTo("content of the artifact");
  }

  @Test
  void tagIsDeletedAndTheOtherOneStays() {
    Image image = pushed(SampleImages.several(), "1");
    registry
        .repository(repository.substring(registry.authority().length() + 1))
        .push(image.manifest(), "2");

    regctl.run("tag", "delete", repository + ":1");

    assertThat(regctl.run("tag", "ls", repository).out().lines()).containsExactly("2");
    assertThat(regctl.run("image", "digest", repository + ":2").text())
        .isEqualTo(image.manifest().digest());
  }

  @Test
  void blobPutInOneRequestComesBack() throws IOException {
    Blob blob = Blob.random(100_000);
    Path file = Files.write(directory.resolve("blob"), blob.bytes());

    String digest = regctl.input(file).run("blob", "put", repository).text();

    assertThat(digest).isEqualTo(blob.digest());
    assertThat(digestOfDownload(blob.digest())).isEqualTo(blob.digest());
  }

  @Test
  void blobPutInChunksComesBack() throws IOException {
    regctl.run(
        "registry",
        "set",
        registry.authority(),
        "--skip-check",
        "--tls=disabled",
        "--blob-chunk=30000",
        "--blob-max=50000");
    Blob blob = Blob.random(1_000_001);
    Path file = Files.write(directory.resolve("blob"), blob.bytes());

    String digest = regctl.input(file).run("blob", "put", repository).text();

    assertThat(digest).isEqualTo(blob.digest());
    assertThat(digestOfDownload(blob.digest())).isEqualTo(blob.digest());
  }

  @Test
  void blobOfSha512ComesBack() throws IOException {
    Blob blob = Blob.random(100_000).sha512();
    Path file = Files.write(directory.resolve("blob"), blob.bytes());

    regctl.input(file).run("blob", "put", "--digest=" + blob.digest(), repository);

    assertThat(digestOfDownload(blob.digest())).isEqualTo(blob.digest());
  }

  @Test
  void imageConvertedToSha512ComesBack() {
    pushed(SampleImages.several(), "1");
    String converted = repository + ":sha512";

    regctl.run("image", "mod", "--digest-algo=sha512", "--create=" + converted, repository + ":1");
    regctl.run("image", "copy", converted, "ocidir://" + directory.resolve("back") + ":1");

    assertThat(regctl.run("image", "digest", converted).text()).startsWith("sha512:");
    assertThat(OciLayout.at(directory.resolve("back")).blobs())
        .isNotEmpty()
        .allSatisfy((name, content) -> assertThat(content).isEqualTo(name));
  }

  @Test
  void manifestIsPutAndGotAsItIs() throws IOException {
    Image image = pushed(SampleImages.several(), "1");
    Path file = Files.write(directory.resolve("manifest"), image.manifest().bytes());

    regctl
        .input(file)
        .run("manifest", "put", "--content-type=" + MediaTypes.OCI_MANIFEST, repository + ":2");

    String back = regctl.run("manifest", "get", "--format=raw-body", repository + ":2").out();
    assertThat(back).isEqualTo(image.manifest().text());
  }

  @Test
  void manifestIsDeletedByDigest() {
    Image image = pushed(SampleImages.several(), "1");

    regctl.run("manifest", "delete", repository + "@" + image.manifest().digest());

    assertThat(regctl.attempt("manifest", "head", repository + ":1").exit()).isNotZero();
  }

  @Test
  void repositoriesAreListed() {
    pushed(SampleImages.several(), "1");

    String listed = regctl.run("repo", "ls", registry.authority()).out();

    assertThat(listed.lines()).contains(repository.substring(registry.authority().length() + 1));
  }

  @Test
  void indexWithNestedIndexIsCopied() {
    Image amd64 = pushed(SampleImages.small("amd64"), "amd64");
    Image arm64 = pushed(SampleImages.small("arm64"), "arm64");
    Manifest inner = Manifest.index().manifest(amd64.manifest()).build();
    Manifest outer = Manifest.index().manifest(inner).manifest(arm64.manifest()).build();
    var source = registry.repository(repository.substring(registry.authority().length() + 1));
    source.push(inner);
    source.push(outer, "nested");
    String copy = registry.authority() + "/regctl/" + Registry.uniqueName() + ":nested";

    regctl.run("image", "copy", repository + ":nested", copy);

    assertThat(regctl.run("image", "digest", copy).text()).isEqualTo(outer.digest());
    regctl.run("manifest", "head", copy.replace(":nested", "@" + amd64.manifest().digest()));
  }

  private Image pushed(Image image, String tag) {
    String name = repository.substring(registry.authority().length() + 1);
    return registry.repository(name).push(image, tag);
  }

  private void putArtifact(String type, String... options) {
    try {
      Path file = Files.writeString(directory.resolve("artifact"), type);
      regctl.input(file).with("artifact", "put", "--artifact-type=" + type).run(options);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private String digestOfDownload(String digest) throws IOException {
    Path file = directory.resolve("download");
    Process process = regctl.start(file, "blob", "get", repository, digest);
    assertThat(process.onExit().join().exitValue()).isZero();
    return Blob.digest(digest.substring(0, 6), Files.readAllBytes(file));
  }
}
