package dev.entrepot.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class DigestAlgorithmTest {
  @Property
  void labelIsFound(@ForAll DigestAlgorithm algorithm) {
    assertEquals(Optional.of(algorithm), DigestAlgorithm.find(algorithm.label()));
    assertEquals(algorithm.length(), algorithm.newMessageDigest().getDigestLength());
  }

  @Property
  void otherLabelsAreNotFound(@ForAll String label) {
    assertEquals(Optional.empty(), DigestAlgorithm.find(label));
  }
}
