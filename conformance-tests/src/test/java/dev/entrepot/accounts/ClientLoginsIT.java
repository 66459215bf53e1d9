package dev.entrepot.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.accounts.Credential.Holder;
import dev.entrepot.clients.OciLayout;
import dev.entrepot.clients.Program;
import dev.entrepot.clients.SampleImages;
import dev.entrepot.conformance.support.Image;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Signing in with the other clients: push and pull work from the login to the logout. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientLoginsIT {
  private NamedRegistry registry;
  private Accounts accounts;
  @TempDir private static Path directory;
  private Path home;
  private Image image;
  private OciLayout layout;

  @BeforeAll
  void start() {
    registry = NamedRegistry.start();
    accounts = new Accounts(registry.registry());
    image = SampleImages.several();
    layout = OciLayout.create(directory.resolve("layout")).add(image).tag(image.manifest(), "1");
  }

  @AfterAll
  void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  /** Nobody is logged in. */
  @BeforeEach
  void forgetLogins() throws IOException {
    home = Files.createTempDirectory(directory, "home");
  }

  @ParameterizedTest
  @EnumSource
  void crane(Credential credential) {
    Program crane = client("crane");
    Holder holder = credential.create(accounts);
    String name = registry.authority() + "/" + holder.namespace() + "/crane:1";

    login(crane.with("auth", "login", registry.authority()), holder.login(), "--password-stdin");
    crane.run("push", layout.directory().toString(), name);
    crane.run("pull", "--format=oci", name, home + "/back");
    assertThat(OciLayout.at(home.resolve("back")).digest()).isEqualTo(image.manifest().digest());

    crane.run("auth", "logout", registry.authority());
    assertThat(refusal(crane, "digest", name)).contains("UNAUTHORIZED");
  }

  @ParameterizedTest
  @EnumSource
  void skopeo(Credential credential) {
    Program skopeo =
        client("skopeo")
            .environment("REGISTRY_AUTH_FILE", home + "/auth")
            .with("--insecure-policy");
    Holder holder = credential.create(accounts);
    String name = "docker://" + registry.authority() + "/" + holder.namespace() + "/skopeo:1";

    login(skopeo.with("login", registry.authority()), holder.login(), "--password-stdin");
    skopeo.run("copy", "oci:" + layout.directory() + ":1", name);
    skopeo.run("copy", name, "oci:" + home + "/back:1");
    assertThat(OciLayout.at(home.resolve("back")).digest()).isEqualTo(image.manifest().digest());

    skopeo.run("logout", registry.authority());
    assertThat(refusal(skopeo, "inspect", name)).contains("unauthorized");
  }

  @ParameterizedTest
  @EnumSource
  void regctl(Credential credential) {
    Program regctl = client("regctl").environment("REGCTL_CONFIG", home + "/regctl.json");
    Holder holder = credential.create(accounts);
    String name = registry.authority() + "/" + holder.namespace() + "/regctl:1";

    login(regctl.with("registry", "login", registry.authority()), holder.login(), "--pass-stdin");
    regctl.run("image", "copy", "ocidir://" + layout.directory() + ":1", name);
    regctl.run("image", "copy", name, "ocidir://" + home + "/back:1");
    assertThat(OciLayout.at(home.resolve("back")).digest()).isEqualTo(image.manifest().digest());

    regctl.run("registry", "logout", registry.authority());
    assertThat(refusal(regctl, "image", "digest", name)).contains("unauthorized");
  }

  @ParameterizedTest
  @EnumSource
  void helm(Credential credential) throws IOException {
    Program helm =
        client("helm")
            .environment("HELM_CACHE_HOME", home + "/cache")
            .environment("HELM_CONFIG_HOME", home + "/config")
            .environment("HELM_DATA_HOME", home + "/data");
    Holder holder = credential.create(accounts);
    String repository = "oci://" + registry.authority() + "/" + holder.namespace();
    helm.run("create", home + "/sample");
    helm.run("package", "--version=1.2.3", "--destination=" + home, home + "/sample");

    login(helm.with("registry", "login", registry.authority()), holder.login(), "--password-stdin");
    helm.run("push", home + "/sample-1.2.3.tgz", repository);
    Path back = Files.createDirectory(home.resolve("back"));
    helm.run("pull", "--version=1.2.3", "--destination=" + back, repository + "/sample");
    assertThat(back.resolve("sample-1.2.3.tgz"))
        .hasSameBinaryContentAs(home.resolve("sample-1.2.3.tgz"));

    helm.run("registry", "logout", registry.authority());
    assertThat(refusal(helm, "show", "chart", "--version=1.2.3", repository + "/sample"))
        .contains("401");
  }

  @Test
  void wrongPasswordIsRefused() throws IOException {
    Login wrong = new Login(accounts.newUser().name(), "not the passphrase");
    Program skopeo = client("skopeo").environment("REGISTRY_AUTH_FILE", home + "/auth");

    Program.Output output =
        withSecret(skopeo.with("login", registry.authority()), wrong, "--password-stdin").attempt();

    assertThat(output.exit()).isNotZero();
    assertThat(output.err()).contains("invalid username/password");
  }

  @Test
  void authorityThatIsNotTrustedStopsTheClient() {
    Program crane = client("crane").environment("SSL_CERT_FILE", "/dev/null");

    assertThat(refusal(crane, "catalog", registry.authority())).contains("certificate");
  }

  private Program client(String name) {
    return registry.client(Program.require(name)).environment("DOCKER_CONFIG", home.toString());
  }

  private void login(Program program, Login login, String secretOption) {
    withSecret(program, login, secretOption).run();
  }

  /** The secret by standard input, as it should be given. */
  private Program withSecret(Program program, Login login, String secretOption) {
    try {
      Path secret = Files.writeString(home.resolve("secret"), login.secret());
      return program.input(secret).with("-u", login.name(), secretOption);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String refusal(Program program, String... arguments) {
    Program.Output output = program.attempt(arguments);
    assertThat(output.exit()).as(output.all()).isNotZero();
    return output.err();
  }
}
