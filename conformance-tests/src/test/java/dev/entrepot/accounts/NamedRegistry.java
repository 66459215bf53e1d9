package dev.entrepot.accounts;

import dev.entrepot.clients.Program;
import dev.entrepot.conformance.support.Directories;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.storage.testkit.tls.IssuedCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A server with accounts as clients find it on another machine: by a host name, over HTTPS, with a
 * certificate of an authority that they were told to trust.
 *
 * <p>It listens on the loopback interface all the same. Docker, and others, do not check
 * certificates there, but go by the address that the name has: so that is 0.0.0.0, which reaches
 * this machine and is no loopback address. Only the clients see the name; they get an {@code
 * /etc/hosts} of their own.
 */
final class NamedRegistry implements AutoCloseable {
  private static final String HOST = "registry.test";
  private static final String WITH_HOSTS = "mount --bind \"$0\" /etc/hosts && exec \"$@\"";

  private final Path directory;
  private final Program place;
  private final RegistryServer server;
  private final Registry registry;

  private NamedRegistry(Path directory, Program place, RegistryServer server, Registry registry) {
    this.directory = directory;
    this.place = place;
    this.server = server;
    this.registry = registry;
  }

  /** Starts it; skips the test where no program can be given an {@code /etc/hosts}. */
  static NamedRegistry start() {
    Path directory;
    try {
      directory = Files.createTempDirectory("registry-");
      Files.writeString(hosts(directory), "127.0.0.1 localhost\n0.0.0.0 " + HOST + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Program place = place(hosts(directory));
    IssuedCertificate issued = IssuedCertificate.create(HOST);
    Path certificate = directory.resolve("tls.crt");
    Path key = directory.resolve("tls.key");
    issued.authority().write(authority(directory), directory.resolve("authority.key"));
    issued.server().write(certificate, key);
    RegistryServer server =
        Accounts.server().tls(certificate, key, issued.authority().trust()).start();
    Registry registry = new Registry(server.url(), issued.authority().trusted());
    return new NamedRegistry(directory, place, server, registry);
  }

  private static Program place(Path hosts) {
    Program unshare = Program.require("unshare").with("--mount", "--propagation=private");
    // Whoever is not root may mount in a user namespace only, where Docker Engine does not run.
    if (!System.getProperty("user.name").equals("root")) {
      unshare = unshare.with("--map-root-user");
    }
    Program place = unshare.with("sh", "-c", WITH_HOSTS, hosts.toString());
    Program.Output tried = place.attempt("true");
    return tried.exit() == 0 ? place : Program.skip("no mount namespaces: " + tried.all().strip());
  }

  private static Path hosts(Path directory) {
    return directory.resolve("hosts");
  }

  private static Path authority(Path directory) {
    return directory.resolve("authority.crt");
  }

  /** The program where the name means this registry and its authority is trusted. */
  Program client(Program program) {
    return program
        .startedBy(place)
        .environment("SSL_CERT_FILE", authority(directory).toString())
        .environment("NO_PROXY", HOST);
  }

  /** For what the tests do themselves. */
  Registry registry() {
    return registry;
  }

  /** {@code host:port}, as image names begin. */
  String authority() {
    return HOST + ":" + server.port();
  }

  @Override
  public void close() {
    server.close();
    Directories.deleteRecursively(directory);
  }
}
