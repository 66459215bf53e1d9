package dev.entrepot.journal;

import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.JournalName;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the objects of one state of a repository are called:
 *
 * <pre>
 * &lt;2 hex&gt;/&lt;hex&gt;.&lt;version&gt;.&lt;fence&gt;.&lt;part&gt;
 * </pre>
 *
 * where {@code hex} is the SHA-256 of the repository's name, and the numbers have 16 hex digits. Of
 * several states the last in order counts. Whoever writes one has first seen which are there, and
 * takes the version after theirs; of two that did so at once, the one with the newer turn has begun
 * later.
 *
 * @param repository SHA-256 of its name
 * @param version counts the states
 * @param fence of the turn that has written it
 */
record StateName(String repository, long version, long fence) implements Comparable<StateName> {
  private static final HexFormat HEX = HexFormat.of();
  private static final Pattern TEXT =
      Pattern.compile("../([0-9a-f]{64})\\.([0-9a-f]{16})\\.([0-9a-f]{16})\\.[0-9a-f]{16}");
  private static final Comparator<StateName> ORDER =
      Comparator.comparing(StateName::repository)
          .thenComparingLong(StateName::version)
          .thenComparingLong(StateName::fence);

  static String hash(RepositoryName name) {
    byte[] text = name.value().getBytes(StandardCharsets.UTF_8);
    return Digest.ofContent(DigestAlgorithm.SHA256, text).hex();
  }

  /** What all objects of a repository start with. */
  static String prefix(String repository) {
    return repository.substring(0, 2) + "/" + repository + ".";
  }

  /** The state that an object belongs to; empty for other objects. */
  static Optional<StateName> of(JournalName name) {
    Matcher matcher = TEXT.matcher(name.value());
    return matcher.matches()
        ? Optional.of(
            new StateName(
                matcher.group(1),
                HexFormat.fromHexDigitsToLong(matcher.group(2)),
                HexFormat.fromHexDigitsToLong(matcher.group(3))))
        : Optional.empty();
  }

  JournalName part(int number) {
    return new JournalName(
        prefix(repository)
            + String.join(
                ".",
                HEX.toHexDigits(version),
                HEX.toHexDigits(fence),
                HEX.toHexDigits((long) number)));
  }

  @Override
  public int compareTo(StateName other) {
    return ORDER.compare(this, other);
  }
}
