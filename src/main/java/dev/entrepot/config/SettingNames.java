package dev.entrepot.config;

import io.smallrye.config.common.utils.StringUtil;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The names of all settings, read from {@link EntrepotConfig}. */
final class SettingNames {
  private static final String PREFIX = "entrepot.";
  private static final String VARIABLE_PREFIX = "ENTREPOT_";

  /**
   * Kubernetes gives these to every container of a namespace that has a service called entrepot;
   * the launcher and the tests have variables of their own.
   */
  private static final Pattern NO_SETTING =
      Pattern.compile(
          "ENTREPOT_(SERVICE_.*|PORT|PORT_\\d+_(TCP|UDP|SCTP).*|JAVA_OPTS|JAVA_HOME|TOOLS.*|BENCH_DIR)");

  /** Stands for a name that the operator gives. */
  private static final String ANY = "<name>";

  private final Set<String> names = new TreeSet<>();

  SettingNames() {
    collect("entrepot", EntrepotConfig.class);
  }

  private void collect(String prefix, Class<?> owner) {
    for (Method method : owner.getMethods()) {
      String name = prefix + "." + StringUtil.skewer(method.getName());
      Class<?> group = groupOf(method);
      if (group != null) {
        collect(isNamed(method) ? name + "." + ANY : name, group);
      } else {
        names.add(name);
      }
    }
  }

  /** The group of settings that a method gives, or gives by name; null for a setting. */
  static @Nullable Class<?> groupOf(Method method) {
    if (isNamed(method)
        && method.getGenericReturnType() instanceof ParameterizedType map
        && map.getActualTypeArguments()[1] instanceof Class<?> value) {
      return value;
    }
    Class<?> type = method.getReturnType();
    return type.isInterface() && type.getPackage() == EntrepotConfig.class.getPackage()
        ? type
        : null;
  }

  /** Whether there may be several of a group, each with a name that is part of the setting's. */
  static boolean isNamed(Method method) {
    return method.getReturnType() == Map.class;
  }

  /** All names, such as {@code entrepot.http.port}, in order. */
  Set<String> all() {
    return names;
  }

  /** The variable that sets what {@code name} sets. */
  static String variable(String name) {
    return StringUtil.replaceNonAlphanumericByUnderscores(name).toUpperCase(Locale.ROOT);
  }

  /** One line for each property that looks like a setting of this server and is none. */
  List<String> unknownProperties(Iterable<String> properties) {
    var faults = new ArrayList<String>();
    for (String property : properties) {
      if (property.startsWith(PREFIX) && !isKnown(property, names, "[a-z0-9]+")) {
        faults.add(fault(property, names));
      }
    }
    return faults;
  }

  /** The same for variables of the environment. */
  List<String> unknownVariables(Collection<String> variables) {
    Set<String> known = new TreeSet<>();
    names.forEach(name -> known.add(variable(name).replace(variable(ANY), ANY)));
    var faults = new ArrayList<String>();
    for (String variable : variables) {
      if (variable.startsWith(VARIABLE_PREFIX)
          && !isKnown(variable, known, "[A-Z0-9]+")
          && !NO_SETTING.matcher(variable).matches()) {
        faults.add(fault(variable, known));
      }
    }
    return faults;
  }

  private static boolean isKnown(String name, Set<String> known, String any) {
    return known.contains(name)
        || known.stream()
            .filter(pattern -> pattern.contains(ANY))
            .anyMatch(pattern -> name.matches(pattern.replace(".", "\\.").replace(ANY, any)));
  }

  private static String fault(String name, Set<String> known) {
    return name
        + " is no setting"
        + nearest(name, known).map(other -> "; did you mean " + other + "?").orElse("");
  }

  /** The most similar name, when at most a third of it differs. */
  private static Optional<String> nearest(String name, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(other -> distance(name, other)))
        .filter(other -> distance(name, other) <= Math.max(2, name.length() / 3));
  }

  /** The least number of single-character changes between the two. */
  private static int distance(String from, String to) {
    int[] previous = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] current = new int[to.length() + 1];
      current[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        current[j] = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + change);
      }
      previous = current;
    }
    return previous[to.length()];
  }
}
