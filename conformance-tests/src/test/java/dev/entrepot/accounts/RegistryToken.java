package dev.entrepot.accounts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.TreeSet;

/**
 * A token from {@code /token}: header, claims and signature, separated by dots.
 *
 * @param text as it came
 */
record RegistryToken(String text) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The value of {@code Authorization}. */
  String bearer() {
    return "Bearer " + text;
  }

  ObjectNode header() {
    return part(0);
  }

  ObjectNode claims() {
    return part(1);
  }

  String signature() {
    return text.split("\\.", -1)[2];
  }

  /** The actions that the token holds for a name; none when it has no entry for it. */
  Set<String> actions(String name) {
    Set<String> actions = new TreeSet<>();
    for (JsonNode entry : claims().get("access")) {
      if (entry.get("name").asText().equals(name)) {
        entry.get("actions").forEach(action -> actions.add(action.asText()));
      }
    }
    return actions;
  }

  /** A token of this header and these claims, with whatever signature. */
  static RegistryToken of(JsonNode header, JsonNode claims, String signature) {
    return new RegistryToken(signedPart(header, claims) + "." + signature);
  }

  /** What a signature is over. */
  static String signedPart(JsonNode header, JsonNode claims) {
    return base64(header.toString().getBytes(StandardCharsets.UTF_8))
        + "."
        + base64(claims.toString().getBytes(StandardCharsets.UTF_8));
  }

  static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private ObjectNode part(int index) {
    try {
      return (ObjectNode)
          JSON.readTree(Base64.getUrlDecoder().decode(text.split("\\.", -1)[index]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
