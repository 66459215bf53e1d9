package dev.entrepot.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DigestTest {
  private static final Pattern GRAMMAR =
      Pattern.compile("sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}");

  @Provide
  Arbitrary<Digest> digests() {
    return Arbitraries.of(DigestAlgorithm.class)
        .flatMap(
            algorithm ->
                Arbitraries.bytes()
                    .array(byte[].class)
                    .ofSize(algorithm.length())
                    .map(hash -> Digest.of(algorithm, hash)));
  }

  /** Digests with a few characters replaced, put in or left out. */
  @Provide
  Arbitrary<String> almostDigests() {
    Arbitrary<String> inserted =
        Arbitraries.strings().withChars("0aAfFgGzZ:sh2561 \n\0é٣Ａ").ofMaxLength(2);
    return Combinators.combine(
            digests(), Arbitraries.integers().between(0, 135), Arbitraries.of(0, 1, 2), inserted)
        .as(
            (digest, at, removed, text) -> {
              StringBuilder mutated = new StringBuilder(digest.toString());
              int start = Math.min(at, mutated.length());
              mutated.replace(start, Math.min(start + removed, mutated.length()), text);
              return mutated.toString();
            });
  }

  @Property
  void textFormIsReadBack(@ForAll("digests") Digest digest) {
    assertEquals(digest, Digest.parse(digest.toString()));
    assertEquals(digest.toString(), Digest.parse(digest.toString()).toString());
  }

  @Property
  void binaryFormIsReadBack(@ForAll("digests") Digest digest) {
    assertEquals(digest, Digest.fromBytes(digest.toBytes()));
  }

  @Property
  void textFormFollowsTheGrammar(@ForAll("digests") Digest digest) {
    assertEquals(digest.algorithm().label() + ":" + digest.hex(), digest.toString());
    assertEquals(true, GRAMMAR.matcher(digest.toString()).matches());
  }

  @Property(tries = 5000)
  void textIsReadExactlyWhenItFollowsTheGrammar(@ForAll("almostDigests") String text) {
    assertEquals(GRAMMAR.matcher(text).matches(), Digest.tryParse(text).isPresent());
    Digest.tryParse(text).ifPresent(digest -> assertEquals(text, digest.toString()));
  }

  @Property
  void otherTextIsRejected(@ForAll String text) {
    assertEquals(Optional.empty(), Digest.tryParse(text));
    assertThrows(IllegalArgumentException.class, () -> Digest.parse(text));
  }

  @Property
  void otherBytesAreRejected(@ForAll byte[] bytes) {
    boolean valid = bytes.length == 33 && bytes[0] == 1 || bytes.length == 65 && bytes[0] == 2;
    if (!valid) {
      assertThrows(IllegalArgumentException.class, () -> Digest.fromBytes(bytes));
    }
  }

  @Property
  void hashOfAnotherLengthIsRejected(@ForAll DigestAlgorithm algorithm, @ForAll byte[] hash) {
    if (hash.length != algorithm.length()) {
      assertThrows(IllegalArgumentException.class, () -> Digest.of(algorithm, hash));
    }
  }

  @Property
  void orderIsThatOfTheText(@ForAll("digests") Digest one, @ForAll("digests") Digest other) {
    int byText = Integer.signum(one.toString().compareTo(other.toString()));
    assertEquals(byText, Integer.signum(one.compareTo(other)));
    int byBytes = Integer.signum(Arrays.compareUnsigned(one.toBytes(), other.toBytes()));
    assertEquals(byBytes, Integer.signum(one.compareTo(other)));
  }

  @Property
  void equalDigestsHaveEqualHashCodes(@ForAll("digests") Digest digest) {
    assertEquals(digest.hashCode(), Digest.parse(digest.toString()).hashCode());
  }

  @Example
  void laterChangesOfTheGivenBytesDoNotMatter() {
    byte[] hash = new byte[32];
    Digest digest = Digest.of(DigestAlgorithm.SHA256, hash);
    hash[0] = 1;
    digest.toBytes()[1] = 1;
    assertEquals("0".repeat(64), digest.hex());
  }

  @Example
  void contentHasTheDigestOfTheStandard() {
    byte[] abc = "abc".getBytes(StandardCharsets.UTF_8);
    assertEquals(
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        Digest.ofContent(DigestAlgorithm.SHA256, abc).toString());
    assertEquals(
        "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        Digest.ofContent(DigestAlgorithm.SHA512, abc).toString());
  }

  @Example
  void binaryFormStartsWithTheAlgorithm() {
    byte[] bytes = Digest.of(DigestAlgorithm.SHA512, new byte[64]).toBytes();
    assertEquals("02" + "00".repeat(64), HexFormat.of().formatHex(bytes));
  }
}
