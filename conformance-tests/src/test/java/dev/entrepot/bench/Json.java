package dev.entrepot.bench;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes maps, collections, strings, numbers and truth values as JSON. */
final class Json {
  private Json() {}

  static String write(Object value) {
    return switch (value) {
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> write(entry.getKey().toString()) + ":" + write(entry.getValue()))
              .collect(Collectors.joining(",\n", "{", "}"));
      case Collection<?> values ->
          values.stream().map(Json::write).collect(Collectors.joining(",", "[", "]"));
      case Double number when number.isNaN() || number.isInfinite() -> "null";
      case Double number -> String.format(Locale.ROOT, "%.4f", number);
      case Number number -> number.toString();
      case Boolean truth -> truth.toString();
      default -> quote(value.toString());
    };
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
