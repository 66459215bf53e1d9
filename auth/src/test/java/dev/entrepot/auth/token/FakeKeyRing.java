package dev.entrepot.auth.token;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keys in memory; the last one signs. Remembers which names were asked for. */
final class FakeKeyRing implements KeyRing {
  final List<SigningKey> keys = new ArrayList<>();
  final List<String> asked = new ArrayList<>();

  FakeKeyRing(SigningKey... keys) {
    this.keys.addAll(List.of(keys));
  }

  @Override
  public SigningKey current() {
    return keys.getLast();
  }

  @Override
  public Optional<SigningKey> find(String kid) {
    asked.add(kid);
    return keys.stream().filter(key -> key.kid().equals(kid)).findAny();
  }

  @Override
  public List<SigningKey> published() {
    return keys;
  }
}
