package dev.entrepot.transfer;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
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
import dev.entrepot.task.Workers;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Takes over what another registry keeps in a directory, by the rules of a push: manifests are read
 * and checked, so that referrers follow from their subjects. What is there already is left as it
 * is; so it can be run again, after a failure or for what was pushed there since.
 */
@Singleton
public class Adoption {
  /** How clients say what refers to a manifest where the registry has no list of referrers. */
  private static final Pattern FALLBACK_TAG = Pattern.compile("sha(256|512)-[0-9a-f]+");

  private final AdoptedBlobs blobs;
  private final RepositoryService repositories;
  private final ManifestService manifests;
  private final TagService tags;
  private final ManifestParser parser;
  private final long maxSize;

  Adoption(
      AdoptedBlobs blobs,
      RepositoryService repositories,
      ManifestService manifests,
      TagService tags,
      EntrepotConfig config) {
    this.blobs = blobs;
    this.repositories = repositories;
    this.manifests = manifests;
    this.tags = tags;
    this.parser =
        new ManifestParser(config.manifest().maxReferences(), config.manifest().maxTokens());
    this.maxSize = config.manifest().maxSize().asLongValue();
  }

  /**
   * Takes over all of it.
   *
   * @param from CNCF distribution's directory; nobody may push to it meanwhile
   * @param linking whether files may be linked instead of copied, where the file system lets them
   * @param out gets lines for the operator
   */
  public Adopted adopt(Path from, boolean linking, Consumer<String> out) throws IOException {
    Adopted adopted = new Adopted(out);
    DistributionLayout layout = DistributionLayout.open(from, adopted::skip);
    Turn turn = new Turn(layout, linking, adopted);
    layout.forEachRepository(turn::adopt);
    adopted.say();
    return adopted;
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
          layout.forEachLayer(
              repository, digest -> workers.run(() -> adoptBlob(repository, digest)));
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
      attempt(
          what,
          () ->
              blobs
                  .adopt(repository, digest, layout.data(digest), linking)
                  .ifPresent(why -> adopted.skip(what, why)));
    }

    /** Its children first: an index is taken when they are there. */
    private void adoptManifest(RepositoryName repository, Digest digest) {
      String what = repository + "@" + digest;
      attempt(
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
      attempt(
          what,
          () -> {
            if (isThere(repository, digest)
                && tags.find(repository, tag).filter(digest::equals).isPresent()) {
              return;
            }
            byte[] content = content(digest);
            push(repository, digest, content, List.of(tag));
            adopted.tag();
            if (FALLBACK_TAG.matcher(tag.value()).matches()) {
              checkReferrers(repository, tag, parser.parse(content, null));
            }
          });
    }

    /** The list of referrers follows from subjects: whatever the tag lists must have named it. */
    private void checkReferrers(RepositoryName repository, TagName tag, ParsedManifest list) {
      Optional<Digest> subject = Digest.tryParse(tag.value().replaceFirst("-", ":"));
      for (Descriptor referrer : list.manifests()) {
        boolean listed =
            manifests
                .find(repository, referrer.digest())
                .map(stored -> parser.parse(stored.content(), stored.mediaType()).subject())
                .filter(named -> subject.filter(named.digest()::equals).isPresent())
                .isPresent();
        if (!listed) {
          adopted.skip(
              repository + "@" + referrer.digest(),
              "tag "
                  + tag
                  + " lists it as a referrer, but it is not there or names no such subject");
        }
      }
    }

    private byte[] content(Digest digest) throws IOException {
      Path data = layout.data(digest);
      if (!Files.exists(data)) {
        throw new IOException("its bytes are not there");
      }
      if (Files.size(data) > maxSize) {
        throw new IOException("it is larger than entrepot.manifest.max-size");
      }
      return Files.readAllBytes(data);
    }

    private void attempt(String what, Step step) {
      try {
        step.run();
      } catch (RegistryException e) {
        if (e.code() == ErrorCode.UNAVAILABLE) {
          throw e;
        }
        adopted.skip(what, e.getMessage() + (e.details().isEmpty() ? "" : " " + e.details()));
      } catch (IOException e) {
        adopted.skip(what, String.valueOf(e.getMessage()));
      }
    }
  }

  private interface Step {
    void run() throws IOException;
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
