package dev.entrepot.account.row;

import dev.entrepot.auth.Visibility;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.jspecify.annotations.Nullable;

/** A visibility as rows name it. */
@Converter(autoApply = true)
public class VisibilityColumn implements AttributeConverter<Visibility, String> {
  @Override
  public @Nullable String convertToDatabaseColumn(@Nullable Visibility visibility) {
    return visibility == null ? null : visibility.text();
  }

  @Override
  public @Nullable Visibility convertToEntityAttribute(@Nullable String text) {
    return text == null ? null : Visibility.find(text).orElseThrow();
  }
}
