package dev.entrepot.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The servers and directories of one run of the benchmark. The servers of the read and push rows
 * are started once and share the machine while idle; closing stops all and removes every file.
 */
final class Session implements AutoCloseable {

  /** Starts nothing, only names what is to be started. */
  private interface ServerFactory {
    Server create(Path directory) throws IOException;
  }

  private final Options options;
  private final Path directory;
  private final Map<String, Server> shared = new LinkedHashMap<>();
  private final Map<String, String> absent = new LinkedHashMap<>();
  private final List<Server> all = new ArrayList<>();
  private final Fixture fixture = new Fixture();
  private Certificate certificate;

  Session(Options options) throws IOException {
    this.options = options;
    directory = Files.createTempDirectory(parent(), "entrepot-bench-");
  }

  /** Not the usual place: {@code /tmp} is memory on some machines, where durability is free. */
  static Path parent() {
    return Path.of(System.getenv().getOrDefault("ENTREPOT_BENCH_DIR", "/var/tmp"));
  }

  Options options() {
    return options;
  }

  Path directory() {
    return directory;
  }

  Fixture fixture() {
    return fixture;
  }

  Certificate certificate() {
    if (certificate == null) {
      certificate = Certificate.create(directory);
    }
    return certificate;
  }

  /**
   * The shared servers of these names that can be had here, started and holding the fixture. What
   * is missing is noted in the result.
   */
  List<Server> servers(RowResult result, String... names) throws Exception {
    List<Server> servers = new ArrayList<>();
    for (String name : names) {
      if (!options.wantsServer(name)) {
        continue;
      }
      Server server = shared(name);
      if (server != null) {
        servers.add(server);
      } else {
        result.note("without " + name + ": " + absent.get(name));
      }
    }
    if (servers.isEmpty()) {
      throw new Skipped("none of its servers can be started here");
    }
    return servers;
  }

  private Server shared(String name) throws Exception {
    if (!shared.containsKey(name) && !absent.containsKey(name)) {
      try {
        shared.put(name, start(name, factory(name)));
      } catch (Skipped e) {
        absent.put(name, e.getMessage());
      }
    }
    return shared.get(name);
  }

  private Server start(String name, ServerFactory factory) throws Exception {
    Server server = own(factory.create(directory.resolve(name)));
    server.start();
    fixture.pushTo(server);
    return server;
  }

  private ServerFactory factory(String name) {
    return switch (name) {
      case "entrepot" -> Entrepot::new;
      case "distribution" -> Distribution::new;
      case "nginx" -> path -> new Nginx(path, certificate());
      default -> throw new IllegalArgumentException("unknown server " + name);
    };
  }

  /** Remembers a server of a row's own, so that it is stopped even when the row fails. */
  synchronized <S extends Server> S own(S server) {
    all.add(server);
    return server;
  }

  /** Stops a server of a row's own and removes its files. */
  void release(Server server) {
    server.stop();
    delete(server.directory());
  }

  /** One server of every kind that took part. */
  synchronized Collection<Server> seen() {
    Map<String, Server> byName = new LinkedHashMap<>();
    all.stream().filter(Server::wasStarted).forEach(server -> byName.put(server.name(), server));
    return byName.values();
  }

  @Override
  public synchronized void close() {
    all.forEach(Server::stop);
    delete(directory);
  }

  static void delete(Path root) {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
