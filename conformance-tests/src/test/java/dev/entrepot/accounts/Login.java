package dev.entrepot.accounts;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What somebody signs in with.
 *
 * @param name the user's name, or {@code organisation+robot}
 * @param secret a password, a personal access token or a robot's secret
 */
record Login(String name, String secret) {
  /** The value of {@code Authorization}. */
  String basic() {
    byte[] both = (name + ":" + secret).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both);
  }
}
