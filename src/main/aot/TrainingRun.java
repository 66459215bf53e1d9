import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs the packaged server on a throw-away data directory and does with it what clients do, while
 * the JVM records classes and profiles; at its end the JVM writes them to a cache that later starts
 * read. Run by the launcher as a source file.
 *
 * <p>Arguments: the jar, the cache, the options of the JVM.
 */
final class TrainingRun {
  private static final int ROUNDS = 200;
  private static final Pattern READY = Pattern.compile(".* ready on (http\\S+?),.*");
  private static final String PASSWORD = UUID.randomUUID().toString();
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI server;
  private String authorization;

  private TrainingRun(URI server) {
    this.server = server;
  }

  public static void main(String[] args) throws Exception {
    Path cache = Path.of(args[1]);
    Path data = Files.createTempDirectory("entrepot-training-");
    try {
      // Once without recording: creating the database is no part of later starts.
      run(args, data, List.of(), 1);
      run(args, data, List.of("-XX:AOTCacheOutput=" + cache, "-Xlog:aot=off,cds=off"), ROUNDS);
    } finally {
      delete(data);
    }
    if (!Files.exists(cache)) {
      System.err.println("The JVM wrote no cache; the server works without, and starts slower.");
      System.exit(1);
    }
  }

  private static void run(String[] args, Path data, List<String> recording, int rounds)
      throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(args).subList(2, args.length));
    command.addAll(recording);
    command.addAll(List.of("-Dentrepot.data-dir=" + data, "-Dentrepot.http.port=0"));
    command.addAll(List.of("-jar", args[0]));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("ENTREPOT_AUTH_ADMIN_PASSWORD", PASSWORD);
    Process process = builder.start();
    try {
      URI address = awaitReady(process);
      Thread.ofVirtual().start(() -> discard(process));
      new TrainingRun(address).use(rounds);
    } finally {
      process.destroy();
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
    }
  }

  private static URI awaitReady(Process process) throws IOException {
    for (String line = process.inputReader().readLine();
        line != null;
        line = process.inputReader().readLine()) {
      Matcher ready = READY.matcher(line);
      if (ready.matches()) {
        return URI.create(ready.group(1));
      }
    }
    throw new IOException("The server ended before it was ready");
  }

  private static void discard(Process process) {
    try {
      process.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      // the process ended
    }
  }

  private void use(int rounds) throws Exception {
    String password = basic(PASSWORD);
    String secret = basic(personalToken(password));
    for (int round = 0; round < rounds; round++) {
      authorization = round % 4 == 0 ? secret : "Bearer " + registryToken(secret);
      push("training/image", "round " + round);
      pull("training/image");
    }
    authorization = password;
    for (String path : List.of("/api/v1/user", "/api/v1/users", "/api/v1/repositories")) {
      expect(200, send("GET", path, BodyPublishers.noBody()));
    }
    for (String path : List.of("/q/health", "/q/health/ready", "/q/metrics", "/v2/none/tags/list")) {
      send("GET", path, BodyPublishers.noBody());
    }
  }

  private void push(String repository, String content) throws Exception {
    byte[] layer = content.repeat(1000).getBytes(StandardCharsets.UTF_8);
    byte[] config = "{\"architecture\":\"amd64\",\"os\":\"linux\"}".getBytes(StandardCharsets.UTF_8);
    String uploads = "/v2/" + repository + "/blobs/uploads/";
    for (byte[] blob : List.of(layer, config)) {
      send("HEAD", "/v2/" + repository + "/blobs/" + digest(blob), BodyPublishers.noBody());
      String location = location(send("POST", uploads, BodyPublishers.noBody()));
      location = location(send("PATCH", location, BodyPublishers.ofByteArray(blob)));
      send("PUT", location + query(location) + digest(blob), BodyPublishers.noBody());
    }
    send("POST", uploads + "?digest=" + digest(layer), BodyPublishers.ofByteArray(layer));
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"%s",
        "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},
        "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"%s","size":%d}]}
        """
            .formatted(MANIFEST, digest(config), config.length, digest(layer), layer.length);
    String path = "/v2/" + repository + "/manifests/latest";
    expect(201, send("PUT", path, BodyPublishers.ofString(manifest)));
  }

  private String personalToken(String password) throws Exception {
    authorization = password;
    return text("secret", send("POST", "/api/v1/user/tokens", BodyPublishers.ofString("{\"name\":\"t\"}")));
  }

  private String registryToken(String secret) throws Exception {
    authorization = secret;
    String path = "/token?scope=repository:training/image:pull,push&scope=registry:catalog:*";
    return text("token", send("GET", path, BodyPublishers.noBody()));
  }

  private static String basic(String password) {
    byte[] credentials = ("admin:" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(credentials);
  }

  private void pull(String repository) throws Exception {
    send("GET", "/v2/", BodyPublishers.noBody());
    String base = "/v2/" + repository;
    HttpResponse<byte[]> manifest =
        send("GET", base + "/manifests/latest", BodyPublishers.noBody());
    send("HEAD", base + "/manifests/latest", BodyPublishers.noBody());
    String digest = digest(manifest.body());
    send("GET", base + "/manifests/" + digest, BodyPublishers.noBody());
    send("GET", base + "/referrers/" + digest, BodyPublishers.noBody());
    send("GET", base + "/tags/list?n=10", BodyPublishers.noBody());
    send("GET", "/v2/_catalog", BodyPublishers.noBody());
    Matcher blobs =
        Pattern.compile("sha256:[0-9a-f]{64}")
            .matcher(new String(manifest.body(), StandardCharsets.UTF_8));
    while (blobs.find()) {
      send("GET", base + "/blobs/" + blobs.group(), BodyPublishers.noBody());
    }
  }

  private HttpResponse<byte[]> send(String method, String path, BodyPublisher body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve(path))
            .method(method, body)
            .header("Accept", MANIFEST + ", application/json")
            .header("Content-Type", contentType(path))
            .header("Authorization", authorization)
            .build();
    return client.send(request, BodyHandlers.ofByteArray());
  }

  private static String contentType(String path) {
    if (path.startsWith("/api/")) {
      return "application/json";
    }
    return path.contains("/manifests/") ? MANIFEST : "application/octet-stream";
  }

  /** Training on refusals would be worth nothing, and nobody would see it. */
  private static void expect(int status, HttpResponse<byte[]> answer) throws IOException {
    if (answer.statusCode() != status) {
      throw new IOException(
          answer.request().uri() + " " + answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8));
    }
  }

  private static String text(String property, HttpResponse<byte[]> answer) throws IOException {
    String body = new String(answer.body(), StandardCharsets.UTF_8);
    Matcher found = Pattern.compile("\"" + property + "\"\\s*:\\s*\"([^\"]+)\"").matcher(body);
    if (!found.find()) {
      throw new IOException(answer.request().uri() + " " + answer.statusCode() + " " + body);
    }
    return found.group(1);
  }

  private static String location(HttpResponse<?> response) {
    return response.headers().firstValue("Location").orElse("/v2/");
  }

  private static String query(String location) {
    return (location.contains("?") ? "&" : "?") + "digest=";
  }

  private static String digest(byte[] content) throws NoSuchAlgorithmException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
    return "sha256:" + HexFormat.of().formatHex(hash);
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
