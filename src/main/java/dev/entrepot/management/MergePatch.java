package dev.entrepot.management;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Singleton;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Validator;
import java.util.function.UnaryOperator;

/** Changes settings by a JSON merge patch (RFC 7396): null clears, what is absent stays. */
@Singleton
public class MergePatch {
  /** What a merge patch is, to whom it matters. */
  public static final String MEDIA_TYPE = "application/merge-patch+json";

  private final ObjectMapper json;
  private final Validator validator;

  MergePatch(ObjectMapper json, Validator validator) {
    this.json = json;
    this.validator = validator;
  }

  /** The change that a patch asks for; fails when its outcome is not valid. */
  public <T extends Record> UnaryOperator<T> of(ObjectNode patch, Class<T> type) {
    return current -> {
      ObjectNode merged = json.valueToTree(current);
      merge(merged, patch);
      return valid(read(merged, type));
    };
  }

  private static void merge(ObjectNode target, ObjectNode patch) {
    for (var property : patch.properties()) {
      String name = property.getKey();
      if (property.getValue() instanceof ObjectNode inner) {
        merge(target.get(name) instanceof ObjectNode there ? there : target.putObject(name), inner);
      } else if (property.getValue().isNull()) {
        target.remove(name);
      } else {
        target.set(name, property.getValue());
      }
    }
  }

  private <T> T read(JsonNode merged, Class<T> type) {
    try {
      return json.treeToValue(merged, type);
    } catch (JsonProcessingException e) {
      throw Problem.INVALID.with(e.getOriginalMessage());
    }
  }

  private <T> T valid(T value) {
    var violations = validator.validate(value);
    if (!violations.isEmpty()) {
      throw new ConstraintViolationException(violations);
    }
    return value;
  }
}
