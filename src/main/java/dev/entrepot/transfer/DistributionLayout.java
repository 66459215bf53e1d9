package dev.entrepot.transfer;

import dev.entrepot.error.StartupException;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.oci.TagName;
import dev.entrepot.storage.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The directory of CNCF distribution's file system driver, to read. Nothing in it is believed: what
 * is malformed is told, and left out.
 *
 * <pre>
 * blobs/&lt;algorithm&gt;/&lt;2 hex&gt;/&lt;hex&gt;/data
 * repositories/&lt;name&gt;/_layers/&lt;algorithm&gt;/&lt;hex&gt;/link
 * repositories/&lt;name&gt;/_manifests/revisions/&lt;algorithm&gt;/&lt;hex&gt;/link
 * repositories/&lt;name&gt;/_manifests/tags/&lt;tag&gt;/current/link
 * </pre>
 */
final class DistributionLayout {
  private static final Path BELOW = Path.of("docker", "registry", "v2");
  private static final int LINK_MAX = 200;

  private final Path root;
  private final BiConsumer<String, String> skipped;

  private DistributionLayout(Path root, BiConsumer<String, String> skipped) {
    this.root = root;
    this.skipped = skipped;
  }

  /**
   * Opens one.
   *
   * @param directory its {@code rootdirectory}, or {@code docker/registry/v2} in it
   * @param skipped is told what is left out, and why
   * @throws StartupException when there is none
   */
  static DistributionLayout open(Path directory, BiConsumer<String, String> skipped) {
    for (Path root : new Path[] {directory.resolve(BELOW), directory}) {
      if (Files.isDirectory(root.resolve("repositories"))) {
        return new DistributionLayout(root, skipped);
      }
    }
    throw new StartupException(
        directory
            + " has no docker/registry/v2/repositories: give the rootdirectory of the registry");
  }

  /** Where the bytes of a digest are, if they are there. */
  Path data(Digest digest) {
    String hex = digest.hex();
    return root.resolve("blobs")
        .resolve(digest.algorithm().label())
        .resolve(hex.substring(0, 2))
        .resolve(hex)
        .resolve("data");
  }

  void forEachRepository(Consumer<RepositoryName> found) throws IOException {
    Path repositories = root.resolve("repositories");
    walk(repositories, repositories, found);
  }

  /** A repository may lie in the directory of another; what begins with _ is a repository's own. */
  private void walk(Path repositories, Path at, Consumer<RepositoryName> found) throws IOException {
    boolean repository = false;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(at, Files::isDirectory)) {
      for (Path entry : entries) {
        if (entry.getFileName().toString().startsWith("_")) {
          repository = true;
        } else {
          walk(repositories, entry, found);
        }
      }
    }
    if (repository) {
      String name = repositories.relativize(at).toString();
      RepositoryName.tryParse(name)
          .ifPresentOrElse(found, () -> skipped.accept(name, "the name is not allowed"));
    }
  }

  void forEachLayer(RepositoryName repository, Consumer<Digest> found) throws IOException {
    forEachDigest(repository, folder(repository).resolve("_layers"), found);
  }

  void forEachManifest(RepositoryName repository, Consumer<Digest> found) throws IOException {
    forEachDigest(repository, revisions(repository), found);
  }

  boolean hasManifest(RepositoryName repository, Digest digest) {
    Path link =
        revisions(repository)
            .resolve(digest.algorithm().label())
            .resolve(digest.hex())
            .resolve("link");
    return Files.exists(link);
  }

  void forEachTag(RepositoryName repository, BiConsumer<TagName, Digest> found) throws IOException {
    Path tags = folder(repository).resolve("_manifests").resolve("tags");
    if (!Files.isDirectory(tags)) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(tags)) {
      for (Path entry : entries) {
        String what = repository + ":" + entry.getFileName();
        Optional<TagName> tag = TagName.tryParse(entry.getFileName().toString());
        Optional<Digest> digest = link(entry.resolve("current").resolve("link"));
        if (tag.isEmpty()) {
          skipped.accept(what, "the tag is not allowed");
        } else if (digest.isEmpty()) {
          skipped.accept(what, "its link is broken");
        } else {
          found.accept(tag.get(), digest.get());
        }
      }
    }
  }

  private Path folder(RepositoryName repository) {
    return root.resolve("repositories").resolve(repository.value());
  }

  private Path revisions(RepositoryName repository) {
    return folder(repository).resolve("_manifests").resolve("revisions");
  }

  private void forEachDigest(RepositoryName repository, Path links, Consumer<Digest> found)
      throws IOException {
    if (!Files.isDirectory(links)) {
      return;
    }
    try (DirectoryStream<Path> algorithms = Files.newDirectoryStream(links, Files::isDirectory)) {
      for (Path algorithm : algorithms) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(algorithm)) {
          for (Path entry : entries) {
            String named = algorithm.getFileName() + ":" + entry.getFileName();
            // What was deleted leaves an empty folder.
            if (Files.exists(entry.resolve("link"))) {
              link(entry.resolve("link"))
                  .filter(digest -> digest.toString().equals(named))
                  .ifPresentOrElse(
                      found, () -> skipped.accept(repository + "@" + named, "its link is broken"));
            }
          }
        }
      }
    }
  }

  private static Optional<Digest> link(Path file) throws IOException {
    return Files.isRegularFile(file) && Files.size(file) <= LINK_MAX
        ? Digest.tryParse(Files.readString(file, StandardCharsets.ISO_8859_1).strip())
        : Optional.empty();
  }
}
