package dev.entrepot.transfer;

import dev.entrepot.error.StartupException;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.oci.TagName;
import dev.entrepot.storage.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What CNCF distribution keeps, in a directory or a bucket, to read. Nothing in it is believed:
 * what is malformed is told, and left out.
 *
 * <pre>
 * blobs/&lt;algorithm&gt;/&lt;2 hex&gt;/&lt;hex&gt;/data
 * repositories/&lt;name&gt;/_layers/&lt;algorithm&gt;/&lt;hex&gt;/link
 * repositories/&lt;name&gt;/_manifests/revisions/&lt;algorithm&gt;/&lt;hex&gt;/link
 * repositories/&lt;name&gt;/_manifests/tags/&lt;tag&gt;/current/link
 * </pre>
 */
final class DistributionLayout {
  private static final String BROKEN = "its link is broken";
  private static final int LINK_MAX = 200;

  private final SourceTree tree;
  private final String blobs;
  private final String repositories;
  private final BiConsumer<String, String> skipped;

  private DistributionLayout(SourceTree tree, String root, BiConsumer<String, String> skipped) {
    this.tree = tree;
    this.blobs = root + "blobs";
    this.repositories = root + "repositories";
    this.skipped = skipped;
  }

  /**
   * Finds one.
   *
   * @param tree its {@code rootdirectory}, or {@code docker/registry/v2} in it
   * @param skipped is told what is left out, and why
   * @throws StartupException when there is none
   */
  static DistributionLayout in(SourceTree tree, BiConsumer<String, String> skipped) {
    for (String root : new String[] {"docker/registry/v2/", ""}) {
      if (tree.hasFolder(root + "repositories")) {
        return new DistributionLayout(tree, root, skipped);
      }
    }
    throw new StartupException(
        tree + " has no docker/registry/v2/repositories: give the rootdirectory of the registry");
  }

  /** The bytes of a digest, if they are there. */
  Optional<SourceTree.File> data(Digest digest) throws IOException {
    return tree.find(pathOf(digest));
  }

  /** The first of them. */
  Optional<byte[]> read(Digest digest, int limit) throws IOException {
    return tree.read(pathOf(digest), limit);
  }

  private String pathOf(Digest digest) {
    String hex = digest.hex();
    return String.join("/", blobs, digest.algorithm().label(), hex.substring(0, 2), hex, "data");
  }

  void forEachRepository(Consumer<RepositoryName> found) throws IOException {
    walk("", found);
  }

  /** A repository may lie in the folder of another; what begins with _ is a repository's own. */
  private void walk(String name, Consumer<RepositoryName> found) throws IOException {
    boolean repository = false;
    try (Stream<String> folders = tree.folders(repositories + name)) {
      for (String folder : (Iterable<String>) folders::iterator) {
        if (folder.startsWith("_")) {
          repository = true;
        } else {
          walk(name + "/" + folder, found);
        }
      }
    }
    if (repository) {
      String plain = name.substring(Math.min(1, name.length()));
      RepositoryName.tryParse(plain)
          .ifPresentOrElse(found, () -> skipped.accept(plain, "the name is not allowed"));
    }
  }

  /**
   * Finds the blobs of a repository.
   *
   * @param executor reads a link and hands on what it names
   */
  void forEachLayer(RepositoryName repository, Executor executor, Consumer<Digest> found)
      throws IOException {
    forEachDigest(repository, folder(repository) + "/_layers", executor, found);
  }

  void forEachManifest(RepositoryName repository, Consumer<Digest> found) throws IOException {
    forEachDigest(repository, revisions(repository), Runnable::run, found);
  }

  boolean hasManifest(RepositoryName repository, Digest digest) throws IOException {
    String path = String.join("/", revisions(repository), digest.algorithm().label(), digest.hex());
    return link(path).isPresent();
  }

  void forEachTag(RepositoryName repository, BiConsumer<TagName, Digest> found) throws IOException {
    String tags = folder(repository) + "/_manifests/tags";
    try (Stream<String> names = tree.folders(tags)) {
      for (String name : (Iterable<String>) names::iterator) {
        String what = repository + ":" + name;
        Optional<TagName> tag = TagName.tryParse(name);
        if (tag.isEmpty()) {
          skipped.accept(what, "the tag is not allowed");
          continue;
        }
        link(tags + "/" + name + "/current")
            .flatMap(Digest::tryParse)
            .ifPresentOrElse(
                digest -> found.accept(tag.get(), digest), () -> skipped.accept(what, BROKEN));
      }
    }
  }

  private String folder(RepositoryName repository) {
    return repositories + "/" + repository;
  }

  private String revisions(RepositoryName repository) {
    return folder(repository) + "/_manifests/revisions";
  }

  private void forEachDigest(
      RepositoryName repository, String links, Executor executor, Consumer<Digest> found)
      throws IOException {
    try (Stream<String> algorithms = tree.folders(links)) {
      for (String algorithm : (Iterable<String>) algorithms::iterator) {
        String folder = links + "/" + algorithm;
        try (Stream<String> names = tree.folders(folder)) {
          names.forEach(
              hex ->
                  executor.execute(
                      () -> follow(repository, folder + "/" + hex, algorithm + ":" + hex, found)));
        }
      }
    }
  }

  private void follow(
      RepositoryName repository, String folder, String named, Consumer<Digest> found) {
    try {
      Optional<Digest> digest = Digest.tryParse(named);
      Optional<String> link = digest.isPresent() ? link(folder) : Optional.of("");
      if (link.isEmpty()) {
        return; // what was deleted leaves an empty folder
      }
      digest
          .filter(expected -> expected.toString().equals(link.get()))
          .ifPresentOrElse(found, () -> skipped.accept(repository + "@" + named, BROKEN));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder, e);
    }
  }

  private Optional<String> link(String folder) throws IOException {
    return tree.read(folder + "/link", LINK_MAX)
        .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1).strip());
  }
}
