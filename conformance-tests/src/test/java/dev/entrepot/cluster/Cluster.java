package dev.entrepot.cluster;

import dev.entrepot.conformance.support.Concurrently;
import dev.entrepot.conformance.support.ObjectStores;
import dev.entrepot.conformance.support.OutsidePostgres;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.storage.testkit.s3.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Servers that share a PostgreSQL and a store, each with a data directory of its own. The store is
 * versitygw where it is installed, else a directory.
 */
final class Cluster implements AutoCloseable {
  private final Path directory;
  private final OutsidePostgres postgres;
  private final List<RegistryServer> servers = new ArrayList<>();
  private final Map<String, String> settings;
  private final @Nullable S3Server s3;

  private Cluster(Path directory, Map<String, String> settings) {
    this.directory = directory;
    this.settings = settings;
    this.postgres = OutsidePostgres.start(directory.resolve("postgres"));
    this.s3 =
        S3Server.Kind.VERSITYGW.isInstalled() ? S3Server.start(S3Server.Kind.VERSITYGW) : null;
  }

  /**
   * Starts it.
   *
   * @param settings of all servers, as environment variables
   */
  static Cluster start(Path directory, int servers, Map<String, String> settings) {
    var cluster = new Cluster(directory, settings);
    try {
      for (int i = 0; i < servers; i++) {
        cluster.add();
      }
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  /** All of them start at once, and ask who calls. */
  static Cluster startAtOnce(Path directory, int servers, Map<String, String> settings) {
    var cluster = new Cluster(directory, settings);
    try {
      List<RegistryServer.Builder> builders =
          IntStream.range(0, servers)
              .mapToObj(n -> cluster.builder(n).options("--auth", "on"))
              .toList();
      cluster.servers.addAll(
          Concurrently.run(servers, number -> () -> builders.get(number).start()));
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  /** One more server. */
  RegistryServer add() {
    RegistryServer server = builder(servers.size()).start();
    servers.add(server);
    return server;
  }

  /** One more server, which reaches PostgreSQL through the proxy. */
  RegistryServer addBehind(PostgresProxy proxy) {
    RegistryServer.Builder builder = builder(servers.size());
    OutsidePostgres.settings(proxy.port()).forEach(builder::environment);
    RegistryServer server = builder.start();
    servers.add(server);
    return server;
  }

  private RegistryServer.Builder builder(int number) {
    RegistryServer.Builder builder = RegistryServer.builder().dataDirectory(dataDirectory(number));
    postgres.settings().forEach(builder::environment);
    if (s3 != null) {
      ObjectStores.s3(builder, s3.endpoint());
    }
    settings.forEach(builder::environment);
    return builder;
  }

  private Path dataDirectory(int number) {
    try {
      Path shared = Files.createDirectories(directory.resolve("storage"));
      Path own = Files.createDirectories(directory.resolve("server" + number));
      Files.createSymbolicLink(own.resolve("storage"), shared);
      return own;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  OutsidePostgres postgres() {
    return postgres;
  }

  List<RegistryServer> servers() {
    return List.copyOf(servers);
  }

  RegistryServer server(int number) {
    return servers.get(number);
  }

  /** The repository as one server shows it. */
  Repository at(int number, Repository repository) {
    return server(number).registry().repository(repository.name());
  }

  List<URI> urls() {
    return servers.stream().map(RegistryServer::url).toList();
  }

  /** nginx in front of them. */
  Balancer balancer() {
    return new Balancer(
        directory.resolve("nginx"), servers.stream().map(RegistryServer::port).toList());
  }

  @Override
  public void close() {
    servers.forEach(RegistryServer::close);
    postgres.close();
    if (s3 != null) {
      s3.close();
    }
  }
}
