package dev.entrepot.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The hand-written parsers against the regular expressions of the distribution-spec. */
class NameGrammarTest {
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*");
  private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");
  private static final Pattern DIGEST = Pattern.compile("sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128}");

  @Property(tries = 5000)
  void aNameIsTakenExactlyWhenTheSpecificationTakesIt(@ForAll("nearlyNames") String name) {
    boolean allowed = name.length() <= 255 && NAME.matcher(name).matches();
    assertEquals(allowed, RepositoryName.tryParse(name).isPresent(), name);
  }

  @Property(tries = 5000)
  void aTagIsTakenExactlyWhenTheSpecificationTakesIt(@ForAll("nearlyTags") String tag) {
    assertEquals(TAG.matcher(tag).matches(), TagName.tryParse(tag).isPresent(), tag);
  }

  @Property
  void anyTextIsANameATagOrRefused(@ForAll String text) {
    assertEquals(
        text.length() <= 255 && NAME.matcher(text).matches(),
        RepositoryName.tryParse(text).isPresent());
    assertEquals(TAG.matcher(text).matches(), TagName.tryParse(text).isPresent());
  }

  @Property
  void aReferenceIsADigestOrATagOrNothing(@ForAll("nearlyReferences") String text) {
    Optional<Reference> reference = Reference.tryParse(text);
    assertEquals(
        DIGEST.matcher(text).matches() || TAG.matcher(text).matches(), reference.isPresent(), text);
    reference.ifPresent(parsed -> assertEquals(text, parsed.toString()));
  }

  @Property
  void aNameIsTheSameWhenReadAgain(@ForAll("nearlyNames") String text) {
    RepositoryName.tryParse(text)
        .ifPresent(
            name -> assertEquals(Optional.of(name), RepositoryName.tryParse(name.value()), text));
  }

  @Example
  void namesInTheLibraryAreTheShortOnes() {
    assertEquals("x", RepositoryName.tryParse("library/x").orElseThrow().value());
    assertEquals("library", RepositoryName.tryParse("library").orElseThrow().value());
    assertEquals("library/x/y", RepositoryName.tryParse("library/x/y").orElseThrow().value());
  }

  @Example
  void lengthLimitsAreExact() {
    assertTrue(RepositoryName.tryParse("a".repeat(255)).isPresent());
    assertFalse(RepositoryName.tryParse("a".repeat(256)).isPresent());
    assertTrue(TagName.tryParse("a".repeat(128)).isPresent());
    assertFalse(TagName.tryParse("a".repeat(129)).isPresent());
  }

  @Provide
  Arbitrary<String> nearlyNames() {
    return Arbitraries.of(
            "a",
            "b0",
            "library",
            "z9",
            ".",
            "_",
            "__",
            "___",
            "-",
            "--",
            "---",
            "/",
            "//",
            "..",
            "A",
            "é",
            "\0",
            " ",
            ":",
            "x".repeat(80))
        .list()
        .ofMaxSize(9)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<String> nearlyTags() {
    return Arbitraries.of("a", "Z", "0", "_", ".", "-", "/", ":", "é", "\n", "", "v1".repeat(30))
        .list()
        .ofMaxSize(6)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<String> nearlyReferences() {
    String sha256 = Digest.ofContent(DigestAlgorithm.SHA256, new byte[1]).toString();
    String sha512 = Digest.ofContent(DigestAlgorithm.SHA512, new byte[1]).toString();
    Arbitrary<String> damaged =
        Arbitraries.of(List.of(sha256, sha512))
            .flatMap(
                digest ->
                    Arbitraries.integers()
                        .between(0, digest.length() - 1)
                        .map(at -> digest.substring(0, at) + "A" + digest.substring(at + 1)));
    Arbitrary<String> cut =
        Arbitraries.of(List.of(sha256, sha512))
            .flatMap(
                digest ->
                    Arbitraries.integers()
                        .between(0, digest.length())
                        .map(at -> digest.substring(0, at)));
    return Arbitraries.oneOf(
        nearlyTags(), damaged, cut, Arbitraries.of(List.of(sha256, sha512, "sha384:00", "md5:")));
  }
}
