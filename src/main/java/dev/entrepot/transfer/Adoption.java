package dev.entrepot.transfer;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.event.Actor;
import dev.entrepot.manifest.ManifestPush;
import dev.entrepot.manifest.ManifestService;
import dev.entrepot.manifest.Precondition;
import dev.entrepot.oci.Descriptor;
import dev.entrepot.oci.ManifestParser;
import dev.entrepot.oci.ParsedManifest;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.oci.TagName;
import dev.entrepot.repository.RepositoryService;
import dev.entrepot.storage.Digest;
import dev.entrepot.tag.TagService;
import dev.entrepot.task.RenewedHold;
import dev.entrepot.task.Workers;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Takes over what another registry keeps, by the rules of a push: manifests are read and checked,
 * so that referrers follow from their subjects. What is there already is left as it is; so it can
 * be run again, after a failure or for what was pushed there since.
 */
@Singleton
public class Adoption {
  private final DataSource database;
  private final AdoptedBlobs blobs;
  private final RepositoryService repositories;
  private final ManifestService manifests;
  private final TagService tags;
  private final FallbackTags fallbackTags;
  private final ManifestParser parser;
  private final int maxSize;
  private final EntrepotConfig config;

  Adoption(
      DataSource database,
      AdoptedBlobs blobs,
      RepositoryService repositories,
      ManifestService manifests,
      TagService tags,
      FallbackTags fallbackTags,
      EntrepotConfig config) {
    this.database = database;
    this.blobs = blobs;
    this.repositories = repositories;
    this.manifests = manifests;
    this.tags = tags;
    this.fallbackTags = fallbackTags;
    this.parser =
        new ManifestParser(config.manifest().maxReferences(), config.manifest().maxTokens());
    this.maxSize = Math.clamp(config.manifest().maxSize().asLongValue(), 0, Integer.MAX_VALUE - 1);
    this.config = config;
  }

  /**
   * Takes over all of it. Meanwhile nothing is deleted: bytes that are stored and not yet linked
   * look like those that a crash has left.
   *
   * @param from the rootdirectory of CNCF distribution: a directory, or {@code
   *     s3://BUCKET[/DIRECTORY]}; nobody may push to it meanwhile
   * @param linking whether files may be linked instead of copied, where the file system lets them
   * @param out gets lines for the operator
   */
  public Adopted adopt(String from, boolean linking, Consumer<String> out)
      throws IOException, SQLException {
    Adopted adopted = new Adopted(out);
    try (SourceTree tree = open(from);
        Connection holding = database.getConnection();
        RenewedHold hold = RenewedHold.take(holding, "adopt")) {
      DistributionLayout layout = DistributionLayout.in(tree, adopted::skip);
      Turn turn = new Turn(layout, linking, adopted);
      layout.forEachRepository(turn::adopt);
      hold.requireHeld("what was to be adopted is");
    }
    adopted.say();
    return adopted;
  }

  private SourceTree open(String from) {
    return BucketTree.isNamedBy(from)
        ? BucketTree.open(from, config)
        : new DirectoryTree(Path.of(from).toAbsolutePath().normalize());
  }

  private final class Turn {
    private final DistributionLayout layout;
    private final boolean linking;
    private final Adopted adopted;

    Turn(DistributionLayout layout, boolean linking, Adopted adopted) {
      this.layout = layout;
      this.linking = linking;
      this.adopted = adopted;
    }

    void adopt(RepositoryName repository) {
      try {
        try (var workers = new Workers()) {
          layout.forEachLayer(repository, workers::run, digest -> adoptBlob(repository, digest));
          workers.awaitAll();
        }
        layout.forEachManifest(repository, digest -> adoptManifest(repository, digest));
        layout.forEachTag(repository, (tag, digest) -> adoptTag(repository, tag, digest));
        adopted.repository(repository);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException("cannot read " + repository, e);
      }
    }

    private void adoptBlob(RepositoryName repository, Digest digest) {
      String what = repository + "@" + digest;
      adopted.attempt(
          what,
          () ->
              blobs
                  .adopt(repository, digest, layout, linking)
                  .ifPresent(why -> adopted.skip(what, why)));
    }

    /** Its children first: an index is taken when they are there. */
    private void adoptManifest(RepositoryName repository, Digest digest) {
      String what = repository + "@" + digest;
      adopted.attempt(
          what,
          () -> {
            if (isThere(repository, digest)) {
              return;
            }
            byte[] content = content(digest);
            ParsedManifest parsed = parser.parse(content, null);
            for (Descriptor child : parsed.manifests()) {
              if (layout.hasManifest(repository, child.digest())) {
                adoptManifest(repository, child.digest());
              }
            }
            push(repository, digest, content, List.of());
            adopted.manifest(parsed.subject() != null);
          });
    }

    private void adoptTag(RepositoryName repository, TagName tag, Digest digest) {
      String what = repository + ":" + tag;
      adopted.attempt(
          what,
          () -> {
            if (isThere(repository, digest)
                && tags.find(repository, tag).filter(digest::equals).isPresent()) {
              return;
            }
            byte[] content = content(digest);
            push(repository, digest, content, List.of(tag));
            adopted.tag();
            fallbackTags.check(repository, tag, digest, adopted);
          });
    }

    private byte[] content(Digest digest) throws IOException {
      byte[] content =
          layout
              .read(digest, maxSize + 1)
              .orElseThrow(() -> new IOException("its bytes are not there"));
      if (content.length > maxSize) {
        throw new IOException("it is larger than entrepot.manifest.max-size");
      }
      return content;
    }
  }

  private boolean isThere(RepositoryName repository, Digest digest) {
    return repositories.find(repository).isPresent()
        && manifests.find(repository, digest).isPresent();
  }

  /** A tag that somebody has moved here stays where it is. */
  private void push(
      RepositoryName repository, Digest digest, byte[] content, List<TagName> withTags) {
    manifests.push(
        new ManifestPush(
            repository, digest, withTags, null, content, Precondition.NONE, false, Actor.SYSTEM));
  }
}
