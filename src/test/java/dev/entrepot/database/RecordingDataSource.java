package dev.entrepot.database;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Passes statements on and keeps them, with the values that were bound. */
public final class RecordingDataSource {
  /**
   * A statement that was run.
   *
   * @param sql with its question marks
   * @param bindings the calls that bound its values
   */
  public record Run(String sql, List<Binding> bindings) {
    /** Runs it once more. */
    void again(Connection connection) throws SQLException {
      try (PreparedStatement statement = prepare(connection, sql)) {
        statement.execute();
      }
    }

    /** The lines of its plan. */
    public List<String> explain(Connection connection) throws SQLException {
      try (PreparedStatement statement = prepare(connection, "EXPLAIN (COSTS OFF) " + sql);
          ResultSet rows = statement.executeQuery()) {
        List<String> lines = new ArrayList<>();
        while (rows.next()) {
          lines.add(rows.getString(1));
        }
        return lines;
      }
    }

    private PreparedStatement prepare(Connection connection, String text) throws SQLException {
      PreparedStatement statement = connection.prepareStatement(text);
      for (Binding binding : bindings) {
        invoke(statement, binding.method(), binding.arguments());
      }
      return statement;
    }
  }

  public record Binding(Method method, Object[] arguments) {}

  private final DataSource dataSource;
  private final List<Run> runs = new CopyOnWriteArrayList<>();

  public RecordingDataSource(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  public List<Run> runs() {
    return runs;
  }

  public void clear() {
    runs.clear();
  }

  public DataSource dataSource() {
    return proxy(
        DataSource.class,
        (method, arguments) -> {
          Object result = invoke(dataSource, method, arguments);
          return result instanceof Connection connection ? connection(connection) : result;
        });
  }

  private Connection connection(Connection connection) {
    return proxy(
        Connection.class,
        (method, arguments) -> {
          Object result = invoke(connection, method, arguments);
          return result instanceof PreparedStatement statement
              ? statement(statement, (String) arguments[0])
              : result;
        });
  }

  private PreparedStatement statement(PreparedStatement statement, String sql) {
    List<Binding> bindings = new ArrayList<>();
    return proxy(
        PreparedStatement.class,
        (method, arguments) -> {
          if (method.getName().startsWith("set")) {
            bindings.add(new Binding(method, arguments));
          }
          if (method.getName().startsWith("execute")) {
            runs.add(new Run(sql, List.copyOf(bindings)));
          }
          return invoke(statement, method, arguments);
        });
  }

  private interface Call {
    @Nullable Object invoke(Method method, Object[] arguments) throws SQLException;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            RecordingDataSource.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> call.invoke(method, arguments)));
  }

  private static @Nullable Object invoke(Object target, Method method, Object[] arguments)
      throws SQLException {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SQLException cause) {
        throw cause;
      }
      throw new IllegalStateException(e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
