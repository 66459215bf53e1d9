package dev.entrepot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.clients.DockerEngine;
import dev.entrepot.clients.OciLayout;
import dev.entrepot.clients.Program;
import dev.entrepot.clients.SampleImages;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.LongRuns;
import dev.entrepot.conformance.support.ObjectStores;
import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.storage.testkit.s3.FaultProxy;
import dev.entrepot.storage.testkit.s3.Injection;
import dev.entrepot.storage.testkit.s3.S3Operation;
import dev.entrepot.storage.testkit.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real clients that were sent to the store, which then fails once: out of the server's hands. They
 * pull the right image or none, and the next pull succeeds.
 */
@OwnServer
class RedirectFaultsIT {
  @TempDir private Path directory;

  /** A client that pulls; returns whether it succeeded. */
  private interface Client {
    boolean pulls(Image image, String name, Path into);
  }

  /** Docker, which is slow to start, in long runs: {@code -Dlong-runs=true}. */
  @Test
  void clientsPullTheRightImageOrNone() throws IOException {
    run(Map.of("crane", crane(), "skopeo", skopeo()));
    if (LongRuns.isOn()) {
      try (DockerEngine engine = DockerEngine.start(program -> program)) {
        run(
            Map.of(
                "docker",
                (image, name, into) -> engine.docker().attempt("pull", name).exit() == 0));
      }
    }
  }

  private static Client crane() {
    Program crane = Program.require("crane");
    return (image, name, into) ->
        crane.attempt("pull", "--format=oci", name, into.toString()).exit() == 0
            && hasPulled(image, into);
  }

  private static Client skopeo() {
    Program skopeo = Program.require("skopeo").with("--insecure-policy");
    return (image, name, into) -> {
      String[] copy = {"copy", "--src-tls-verify=false", "docker://" + name, "oci:" + into};
      return skopeo.attempt(copy).exit() == 0 && hasPulled(image, into);
    };
  }

  private static boolean hasPulled(Image image, Path layout) {
    assertThat(OciLayout.at(layout).digest()).isEqualTo(image.manifest().digest());
    return true;
  }

  private void run(Map<String, Client> clients) throws IOException {
    try (S3Server store = ObjectStores.versitygw();
        FaultProxy clientsSide = FaultProxy.to(store.endpoint());
        RegistryServer server =
            ObjectStores.s3(RegistryServer.builder(), store.endpoint())
                .environment(
                    "ENTREPOT_STORAGE_S3_PUBLIC_ENDPOINT",
                    clientsSide.endpoint("localhost").toString())
                .start()) {
      for (var client : clients.entrySet()) {
        StringBuilder row = new StringBuilder("| " + client.getKey() + " |");
        for (Harm harm : Harm.values()) {
          Path into = Files.createTempDirectory(directory, "pulled");
          row.append(' ').append(outcome(server, clientsSide, harm, client.getValue(), into));
          row.append(" |");
        }
        System.out.println(row);
        Path table = Path.of("target", "fault-matrix-" + client.getKey() + ".md");
        Files.writeString(table, row + "\n");
      }
    }
  }

  private static String outcome(
      RegistryServer server, FaultProxy clientsSide, Harm harm, Client client, Path into) {
    Repository repository = server.registry().newRepository();
    Image image = repository.push(SampleImages.large(300_000), "1");
    String pulled = server.registry().authority() + "/" + repository.name() + ":1";
    Injection injection =
        clientsSide.inject(Injection.of(harm.fault(), S3Operation.GET_OBJECT).limit(1));
    boolean done = client.pulls(image, pulled, into.resolve("once"));
    clientsSide.remove(injection);
    assertThat(injection.hits()).as("the client is sent to the store: %s", harm).isEqualTo(1);
    if (done) {
      return "pulls";
    }
    boolean again = client.pulls(image, pulled, into.resolve("again"));
    assertThat(again).as("the next pull succeeds after: %s", harm).isTrue();
    return "fails → pulls";
  }
}
