package dev.entrepot.management;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.entrepot.auth.Action;
import dev.entrepot.auth.Role;
import dev.entrepot.auth.Visibility;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;

/** Reads JSON strictly, and names roles, visibilities and actions as rows and scopes do. */
@Singleton
class Json implements ObjectMapperCustomizer {
  /** Whatever has a text is written as that. */
  interface Text {
    @JsonValue
    String text();
  }

  @Override
  public void customize(ObjectMapper mapper) {
    mapper
        .addMixIn(Role.class, Text.class)
        .addMixIn(Visibility.class, Text.class)
        .addMixIn(Action.class, Text.class)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature())
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION.mappedFeature());
  }
}
