package dev.entrepot.server;

import dev.entrepot.error.StartupException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The arguments of a command. What is asked for is taken out; in the end nothing may be left. */
final class Arguments {
  private final List<String> left;

  Arguments(List<String> given) {
    this.left = new ArrayList<>(given);
  }

  /** Whether this word comes next. */
  boolean word(String word) {
    boolean next = !left.isEmpty() && left.getFirst().equals(word);
    if (next) {
      left.removeFirst();
    }
    return next;
  }

  /** Whether an option without a value is there. */
  boolean flag(String name) {
    return left.remove(name);
  }

  /** The value of {@code name value} or {@code name=value}. */
  Optional<String> option(String name) {
    for (int i = 0; i < left.size(); i++) {
      if (left.get(i).startsWith(name + "=")) {
        return Optional.of(left.remove(i).substring(name.length() + 1));
      }
      if (left.get(i).equals(name)) {
        if (i + 1 == left.size()) {
          throw new StartupException(name + " needs a value");
        }
        left.remove(i);
        return Optional.of(left.remove(i));
      }
    }
    return Optional.empty();
  }

  /** The directory that an option names, which must be there. */
  Path directory(String name) {
    return option(name)
        .map(value -> Path.of(value).toAbsolutePath().normalize())
        .orElseThrow(() -> new StartupException(name + " DIR is missing"));
  }

  /** Refuses what nobody has asked for. */
  void end() {
    if (!left.isEmpty()) {
      throw new StartupException(
          "there is no " + left.getFirst() + " here; ./entrepot help lists the commands");
    }
  }
}
