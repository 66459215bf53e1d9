package dev.entrepot.identity;

import static org.awaitility.Awaitility.await;

import dev.entrepot.clients.Program;
import dev.entrepot.conformance.support.Directories;
import dev.entrepot.conformance.support.Ports;
import dev.entrepot.storage.testkit.tls.ServerCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * OpenLDAP's real server on a loopback port, with users and groups, and a certificate of its own
 * for StartTLS. It refuses passwords on connections that are not encrypted.
 */
final class Slapd implements AutoCloseable {
  /** Whom to search as, and the password. */
  static final String SEARCH_DN = "cn=search,dc=example,dc=org";

  static final String SEARCH_PASSWORD = "search-password";

  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private static final String CONFIGURATION =
      """
      include /etc/ldap/schema/core.schema
      include /etc/ldap/schema/cosine.schema
      include /etc/ldap/schema/inetorgperson.schema
      modulepath /usr/lib/ldap
      moduleload back_mdb
      pidfile %1$s/pid
      TLSCertificateFile %1$s/tls.crt
      TLSCertificateKeyFile %1$s/tls.key
      security simple_bind=128
      database mdb
      maxsize 10485760
      suffix "dc=example,dc=org"
      directory %1$s/data
      access to attrs=userPassword by anonymous auth by * none
      access to * by users read by * none
      """;

  private static final String ENTRIES =
      """
      dn: dc=example,dc=org
      objectClass: domain
      dc: example

      dn: cn=search,dc=example,dc=org
      objectClass: organizationalRole
      objectClass: simpleSecurityObject
      cn: search
      userPassword: search-password

      dn: ou=people,dc=example,dc=org
      objectClass: organizationalUnit
      ou: people

      dn: uid=louise,ou=people,dc=example,dc=org
      objectClass: inetOrgPerson
      uid: louise
      cn: Louise Lighter
      sn: Lighter
      mail: louise@example.org
      userPassword: louise-password

      dn: uid=rene,ou=people,dc=example,dc=org
      objectClass: inetOrgPerson
      uid: rene
      cn: René Rower
      sn: Rower
      userPassword: rene-password

      dn: ou=groups,dc=example,dc=org
      objectClass: organizationalUnit
      ou: groups

      dn: cn=stevedores,ou=groups,dc=example,dc=org
      objectClass: groupOfNames
      cn: stevedores
      member: uid=louise,ou=people,dc=example,dc=org
      """;

  private final Path directory;
  private final int port = Ports.free();
  private final Program program;
  private Process process;

  private Slapd(Path directory, Program program) {
    this.directory = directory;
    this.program = program;
  }

  /** Starts one; skips the test when it is not installed. */
  static Slapd start() {
    Program program = Program.require("slapd");
    Program load = Program.require("slapadd");
    try {
      Path directory = Files.createTempDirectory("slapd-");
      Files.createDirectory(directory.resolve("data"));
      ServerCertificate.createRsa()
          .write(directory.resolve("tls.crt"), directory.resolve("tls.key"));
      Path configuration = directory.resolve("slapd.conf");
      Files.writeString(configuration, CONFIGURATION.formatted(directory));
      Path entries = directory.resolve("entries.ldif");
      Files.writeString(entries, ENTRIES);
      load.run("-f", configuration.toString(), "-l", entries.toString());
      var slapd = new Slapd(directory, program);
      slapd.startAgain();
      return slapd;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts again on the same port and entries, after {@link #stop()}. */
  void startAgain() {
    // With -d it stays in the foreground: this process is the one to end.
    process =
        program.start(
            directory.resolve("log"),
            "-d",
            "none",
            "-f",
            directory.resolve("slapd.conf").toString(),
            "-h",
            url().toString());
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    await()
        .atMost(TIMEOUT)
        .failFast("slapd ended, see " + directory, () -> !process.isAlive())
        .until(this::accepts);
  }

  private boolean accepts() {
    try (var socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Ends it; its entries stay. */
  void stop() {
    process.destroy();
    try {
      if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  URI url() {
    return URI.create("ldap://127.0.0.1:" + port);
  }

  /** The certificate, which is its own authority. */
  Path certificate() {
    return directory.resolve("tls.crt");
  }

  @Override
  public void close() {
    stop();
    Directories.deleteRecursively(directory);
  }
}
