package dev.entrepot.account;

import dev.entrepot.auth.Role;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.jspecify.annotations.Nullable;

/** A role as rows name it. */
@Converter(autoApply = true)
class RoleColumn implements AttributeConverter<Role, String> {
  @Override
  public @Nullable String convertToDatabaseColumn(@Nullable Role role) {
    return role == null ? null : role.text();
  }

  @Override
  public @Nullable Role convertToEntityAttribute(@Nullable String text) {
    return text == null ? null : Role.find(text).orElseThrow();
  }
}
