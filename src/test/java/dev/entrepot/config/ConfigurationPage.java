package dev.entrepot.config;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import io.smallrye.config.WithDefault;
import io.smallrye.config.common.utils.StringUtil;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Writes docs/operations/configuration.md from the interfaces and their javadoc. */
final class ConfigurationPage {
  private static final String HEAD =
      """
      # Settings

      Generated from the interfaces of `src/main/java/dev/entrepot/config`; do not edit.

      A setting is a variable of the environment, such as `ENTREPOT_HTTP_PORT=5001`, or a property
      of the JVM, such as `-Dentrepot.http.port=5001` in `ENTREPOT_JAVA_OPTS`; a property wins. The
      common ones are options of `./entrepot serve` as well. A setting that the server does not know
      or cannot read stops the start with a line that names it.

      Durations are numbers with `ms`, `s`, `m`, `h` or `d`; sizes are bytes, or numbers with `K`,
      `M` or `G` for powers of 1024.

      """;

  private final Map<String, String> comments;
  private final StringBuilder page = new StringBuilder(HEAD);

  private ConfigurationPage(Map<String, String> comments) {
    this.comments = comments;
  }

  /** The page, from the sources below {@code sources}. */
  static String generate(Path sources) throws IOException {
    var page = new ConfigurationPage(readComments(sources));
    page.section("", "entrepot", EntrepotConfig.class);
    return page.page.toString();
  }

  private void section(String title, String prefix, Class<?> group) {
    List<Method> methods = inSourceOrder(group);
    List<Method> settings =
        methods.stream().filter(method -> SettingNames.groupOf(method) == null).toList();
    if (!settings.isEmpty()) {
      page.append("## ").append(title.isEmpty() ? "General" : title).append("\n\n");
      page.append("| Setting | Default | Meaning |\n|---|---|---|\n");
      settings.forEach(method -> row(prefix, method));
      page.append("\n");
    }
    for (Method method : methods) {
      Class<?> inner = SettingNames.groupOf(method);
      if (inner != null) {
        String heading = comment(method).replaceFirst("\\.$", "");
        String name = name(prefix, method);
        section(heading, SettingNames.isNamed(method) ? name + ".<name>" : name, inner);
      }
    }
  }

  private void row(String prefix, Method method) {
    WithDefault byDefault = method.getAnnotation(WithDefault.class);
    page.append("| `")
        .append(name(prefix, method))
        .append("`<br>`")
        .append(SettingNames.variable(name(prefix, method)).replace("_NAME_", "<NAME>"))
        .append("` | ")
        .append(byDefault == null ? "" : readable(byDefault.value()))
        .append(" | ")
        .append(comment(method))
        .append(type(method.getGenericReturnType()))
        .append(" |\n");
  }

  private static String readable(String value) {
    return ("`" + value.replace("${user.home}", "~") + "`")
        .replaceFirst("`\\$\\{(entrepot[a-z0-9.-]+):?}`", "as `$1`");
  }

  /** What the comment does not say: the values of an enumeration. */
  private static String type(Type type) {
    if (type instanceof ParameterizedType optional) {
      return type(optional.getActualTypeArguments()[0]);
    }
    if (type instanceof Class<?> kind && kind.isEnum()) {
      return Arrays.stream(kind.getEnumConstants())
          .map(constant -> "`" + constant.toString().toLowerCase(Locale.ROOT) + "`")
          .collect(Collectors.joining(", ", " One of: ", "."));
    }
    return type == Duration.class ? " (duration)" : "";
  }

  private static String name(String prefix, Method method) {
    return prefix + "." + StringUtil.skewer(method.getName());
  }

  private List<Method> inSourceOrder(Class<?> group) {
    List<String> order = new ArrayList<>(comments.keySet());
    return Stream.of(group.getMethods())
        .sorted(Comparator.comparingInt(method -> order.indexOf(key(method))))
        .toList();
  }

  private String comment(Method method) {
    String comment = comments.get(key(method));
    if (comment == null || comment.isBlank()) {
      throw new IllegalStateException(key(method) + " has no javadoc");
    }
    return comment
        .strip()
        .replaceAll("\\s+", " ")
        .replaceAll("\\{@code ((?:[^{}]|\\{[^{}]*})*)}", "`$1`")
        .replaceAll("\\{@link ([^}]*)}", "`$1`")
        .replace("<p>", "")
        .replace("|", "\\|");
  }

  private static String key(Method method) {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }

  private static Map<String, String> readComments(Path sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    var comments = new LinkedHashMap<String, String>();
    try (var files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> paths = Files.list(sources)) {
      List<Path> interfaces =
          paths.filter(path -> path.toString().endsWith("Config.java")).sorted().toList();
      var task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(interfaces));
      DocTrees documentation = DocTrees.instance(task);
      task.parse()
          .forEach(
              unit ->
                  new TreePathScanner<Void, Void>() {
                    @Override
                    public Void visitMethod(MethodTree method, Void unused) {
                      TreePath path = getCurrentPath();
                      var owner = (ClassTree) path.getParentPath().getLeaf();
                      String comment = documentation.getDocComment(path);
                      comments.put(
                          owner.getSimpleName() + "." + method.getName(),
                          comment == null ? "" : comment);
                      return null;
                    }
                  }.scan(unit, null));
    }
    return comments;
  }
}
