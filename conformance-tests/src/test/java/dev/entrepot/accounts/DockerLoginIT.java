package dev.entrepot.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.entrepot.accounts.Accounts.Issued;
import dev.entrepot.accounts.Credential.Holder;
import dev.entrepot.clients.DockerEngine;
import dev.entrepot.clients.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code docker login} and what it is good for, with a Docker Engine that checks certificates. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DockerLoginIT {
  private NamedRegistry registry;
  private Accounts accounts;
  private DockerEngine engine;
  @TempDir private static Path directory;
  private Path config;
  private Program docker;

  @BeforeAll
  void start() {
    registry = NamedRegistry.start();
    accounts = new Accounts(registry.registry());
    engine = DockerEngine.start(registry::client);
  }

  @AfterAll
  void stop() {
    if (engine != null) {
      engine.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  /** Nobody is logged in. */
  @BeforeEach
  void forgetLogins() throws IOException {
    config = Files.createTempDirectory(directory, "config");
    docker = engine.docker().environment("DOCKER_CONFIG", config.toString());
  }

  @ParameterizedTest
  @EnumSource
  void loginIsGoodForPushAndPullUntilLogout(Credential credential) throws IOException {
    Holder holder = credential.create(accounts);
    String image = built(holder.namespace());
    String id = id(image);

    login(holder.login());
    docker.run("push", image);
    engine.forgetEverything();
    docker.run("pull", image);
    assertThat(id(image)).isEqualTo(id);

    docker.run("logout", registry.authority());
    engine.forgetEverything();
    assertThat(refusal("pull", image)).contains("pull access denied");
  }

  @ParameterizedTest
  @EnumSource
  void loginKeepsARefreshTokenInsteadOfTheSecret(Credential credential) throws IOException {
    Login login = credential.create(accounts).login();

    login(login);

    Path file = config.resolve("config.json");
    JsonNode kept =
        new ObjectMapper().readTree(file.toFile()).at("/auths").get(registry.authority());
    assertThat(kept.get("identitytoken").asText()).startsWith("entr_");
    assertThat(Files.readString(file))
        .doesNotContain(login.secret())
        .doesNotContain(login.basic().substring("Basic ".length()));
  }

  @Test
  void readerPullsAndDoesNotPush() throws IOException {
    Login reader = accounts.newUser();
    String image = pushedByAnother();
    accounts.grant(repository(image), reader, "read");
    String id = id(image);

    login(reader);
    assertThat(refusal("push", image)).contains("denied");
    engine.forgetEverything();
    docker.run("pull", image);

    assertThat(id(image)).isEqualTo(id);
  }

  @Test
  void whatIsPrivateToOthersLooksAbsent() throws IOException {
    String image = pushedByAnother();
    String absent = image.replaceFirst("/app", "/nil");
    engine.forgetEverything();

    login(accounts.newUser());

    assertThat(refusal("pull", image))
        .isEqualTo(refusal("pull", absent).replace("/nil", "/app"))
        .contains("not found");
  }

  @Test
  void whatIsPublicIsPulledWithoutLogin() throws IOException {
    String image = pushedByAnother();
    accounts.setVisibility(repository(image), "public");
    engine.forgetEverything();

    docker.run("pull", image);
  }

  @Test
  void wrongPasswordLogsNobodyIn() throws IOException {
    Login user = accounts.newUser();

    String refusal = attemptLogin(new Login(user.name(), "not the passphrase"));

    assertThat(refusal).contains("unauthorized");
    assertThat(config.resolve("config.json")).doesNotExist();
  }

  @Test
  void expiredTokenLogsNobodyIn() {
    String soon = Instant.now().plusSeconds(2).toString();
    Issued token = accounts.newToken(accounts.newUser(), Map.of("expiresAt", soon));

    await().untilAsserted(() -> assertThat(attemptLogin(token.login())).contains("unauthorized"));
  }

  @Test
  void revokedTokenEndsTheLogin() throws IOException {
    Login user = accounts.newUser();
    Issued token = accounts.newToken(user);
    String image = built(user.name());
    login(token.login());
    docker.run("push", image);
    engine.forgetEverything();
    docker.run("pull", image);

    accounts.revokeToken(user, token);

    assertThat(refusal("pull", image)).contains("unauthorized");
    assertThat(attemptLogin(token.login())).contains("unauthorized");
  }

  /** An image in a private repository of somebody else. */
  private String pushedByAnother() throws IOException {
    Login owner = accounts.newUser();
    String image = built(owner.name());
    login(owner);
    docker.run("push", image);
    forgetLogins();
    return image;
  }

  /** A new image, in the engine only. */
  private String built(String namespace) throws IOException {
    String image = registry.authority() + "/" + namespace + "/app:1";
    Path context = Files.createTempDirectory(directory, "context");
    Files.writeString(context.resolve("word"), UUID.randomUUID().toString());
    Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nCOPY word /\n");
    engine.build(context, image);
    return image;
  }

  private String repository(String image) {
    return image.substring(registry.authority().length() + 1, image.lastIndexOf(':'));
  }

  private String id(String image) {
    return docker.run("image", "inspect", "--format={{.Id}}", image).text();
  }

  private void login(Login login) throws IOException {
    assertThat(loginProgram(login).run(registry.authority()).out()).contains("Login Succeeded");
  }

  private String attemptLogin(Login login) throws IOException {
    return failed(loginProgram(login).attempt(registry.authority()));
  }

  private Program loginProgram(Login login) throws IOException {
    Path secret = Files.writeString(Files.createTempFile(directory, "secret", ""), login.secret());
    return docker.input(secret).with("login", "--username", login.name(), "--password-stdin");
  }

  private String refusal(String command, String image) {
    return failed(docker.attempt(command, image));
  }

  private static String failed(Program.Output output) {
    assertThat(output.exit()).as(output.all()).isNotZero();
    return output.err();
  }
}
