package dev.entrepot.account.row;

import dev.entrepot.auth.Role;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.jspecify.annotations.Nullable;

/** A role as rows name it. */
@Converter(autoApply = true)
public class RoleColumn implements AttributeConverter<Role, String> {
  @Override
  public @Nullable String convertToDatabaseColumn(@Nullable Role role) {
    return role == null ? null : role.text();
  }

  @Override
  public @Nullable Role convertToEntityAttribute(@Nullable String text) {
    return text == null ? null : Role.find(text).orElseThrow();
  }
}
