package dev.entrepot.transfer;

import dev.entrepot.config.EntrepotConfig;
import dev.entrepot.manifest.ManifestService;
import dev.entrepot.oci.Descriptor;
import dev.entrepot.oci.ManifestParser;
import dev.entrepot.oci.ParsedManifest;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.oci.TagName;
import dev.entrepot.storage.Digest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tags by which clients say what refers to a manifest where the registry has no list of referrers.
 * The list follows from subjects: whatever such a tag lists must have named it.
 */
@Singleton
class FallbackTags {
  private static final Pattern NAME = Pattern.compile("sha(256|512)-[0-9a-f]+");

  private final ManifestService manifests;
  private final ManifestParser parser;

  FallbackTags(ManifestService manifests, EntrepotConfig config) {
    this.manifests = manifests;
    this.parser =
        new ManifestParser(config.manifest().maxReferences(), config.manifest().maxTokens());
  }

  /** Tells what a tag lists that does not refer to what the tag names; other tags are all right. */
  void check(RepositoryName repository, TagName tag, Digest list, Adopted adopted) {
    if (!NAME.matcher(tag.value()).matches()) {
      return;
    }
    Optional<Digest> subject = Digest.tryParse(tag.value().replaceFirst("-", ":"));
    List<Descriptor> listed =
        find(repository, list).map(ParsedManifest::manifests).orElse(List.of());
    for (Descriptor referrer : listed) {
      boolean refers =
          find(repository, referrer.digest())
              .map(ParsedManifest::subject)
              .filter(named -> subject.filter(named.digest()::equals).isPresent())
              .isPresent();
      if (!refers) {
        adopted.skip(
            repository + "@" + referrer.digest(),
            "tag " + tag + " lists it as a referrer, but it is not there or names no such subject");
      }
    }
  }

  private Optional<ParsedManifest> find(RepositoryName repository, Digest digest) {
    return manifests
        .find(repository, digest)
        .map(stored -> parser.parse(stored.content(), stored.mediaType()));
  }
}
