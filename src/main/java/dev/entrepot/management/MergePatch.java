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
      for (var property : patch.properties()) {
        merged.set(property.getKey(), property.getValue());
      }
      return valid(read(merged, type));
    };
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
