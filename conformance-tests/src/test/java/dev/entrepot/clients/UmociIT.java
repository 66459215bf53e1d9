package dev.entrepot.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.RegistryUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Images that {@code umoci} makes and unpacks, carried by {@code skopeo}. */
@ExtendWith(RegistryUnderTest.class)
class UmociIT {
  @TempDir Path directory;
  private String remote;
  private Program umoci;
  private Program skopeo;

  @BeforeEach
  void findClients(Registry registry) {
    remote = "docker://" + registry.authority() + "/umoci/" + Registry.uniqueName() + ":1";
    umoci = Program.require("umoci");
    skopeo =
        Program.require("skopeo")
            .with("--insecure-policy", "copy", "--src-tls-verify=false", "--dest-tls-verify=false");
  }

  @Test
  void imageOfThreeLayersUnpacksToTheSameFiles() throws IOException {
    Path layout = directory.resolve("layout");
    String image = layout + ":1";
    String word = UUID.randomUUID().toString();
    umoci.run("init", "--layout", layout.toString());
    umoci.run("new", "--image", image);
    for (String name : new String[] {"one", "two", "three"}) {
      Path file = Files.writeString(directory.resolve(name), name + word);
      umoci.run("insert", "--rootless", "--image", image, file.toString(), "/files/" + name);
    }
    umoci.run("config", "--image", image, "--config.cmd", "/files/one", "--author", word);

    skopeo.run("oci:" + image, remote);
    skopeo.run(remote, "oci:" + directory.resolve("back") + ":1");
    umoci.run(
        "unpack", "--rootless", "--image", directory.resolve("back") + ":1", directory + "/bundle");

    Path files = directory.resolve("bundle/rootfs/files");
    assertThat(files.resolve("one")).hasContent("one" + word);
    assertThat(files.resolve("two")).hasContent("two" + word);
    assertThat(files.resolve("three")).hasContent("three" + word);
  }

  @Test
  void imageWithoutLayersComesBack() {
    Path layout = directory.resolve("layout");
    umoci.run("init", "--layout", layout.toString());
    umoci.run("new", "--image", layout + ":1");

    skopeo.run("oci:" + layout + ":1", remote);
    skopeo.run(remote, "oci:" + directory.resolve("back") + ":1");

    assertThat(OciLayout.at(directory.resolve("back")).digest())
        .isEqualTo(OciLayout.at(layout).digest());
  }

  @Test
  void layerAddedToAPulledImageIsPushedBesideTheOldOnes() throws IOException {
    Path layout = directory.resolve("layout");
    umoci.run("init", "--layout", layout.toString());
    umoci.run("new", "--image", layout + ":1");
    Path file = Files.writeString(directory.resolve("file"), "first");
    umoci.run("insert", "--rootless", "--image", layout + ":1", file.toString(), "/first");
    skopeo.run("oci:" + layout + ":1", remote);

    Path pulled = directory.resolve("pulled");
    skopeo.run(remote, "oci:" + pulled + ":1");
    umoci.run("unpack", "--rootless", "--image", pulled + ":1", directory + "/bundle");
    Files.writeString(directory.resolve("bundle/rootfs/second"), "second");
    umoci.run("repack", "--image", pulled + ":2", directory + "/bundle");
    skopeo.run("oci:" + pulled + ":2", remote.replaceAll("1$", "2"));
    skopeo.run(remote.replaceAll("1$", "2"), "oci:" + directory.resolve("back") + ":2");
    umoci.run(
        "unpack", "--rootless", "--image", directory.resolve("back") + ":2", directory + "/again");

    assertThat(directory.resolve("again/rootfs/first")).hasContent("first");
    assertThat(directory.resolve("again/rootfs/second")).hasContent("second");
  }
}
