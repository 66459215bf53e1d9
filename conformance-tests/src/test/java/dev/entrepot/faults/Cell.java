package dev.entrepot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.crash.Api;
import dev.entrepot.crash.Api.Answer;
import dev.entrepot.storage.testkit.s3.FaultProxy;
import dev.entrepot.storage.testkit.s3.Injection;
import dev.entrepot.storage.testkit.s3.ProxiedRequest;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * One step with one harm: a client does something, the store fails at that step, the client does
 * what the documentation tells it to. Content and repository are its own, so that many can run at
 * once.
 */
final class Cell {
  /** More than a part, and a part and a bit are sent before the end. */
  private static final int IN_PARTS = 7 << 20;

  private static final int BEFORE_THE_END = 6 << 20;
  private static final int SMALL = 100_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Clients there are redirected: what {@code X-Forwarded-For} says is believed. */
  static final String REDIRECTED = "192.0.2.1";

  private final FaultProxy store;
  private final Api api;
  private final Step step;
  private final Harm harm;
  private final boolean lasting;
  private final String repository = "faults/" + UUID.randomUUID();
  private final Blob blob;
  private final List<String> ownNames = new CopyOnWriteArrayList<>();
  private String upload = "";

  Cell(FaultProxy store, Api api, Step step, Harm harm, boolean lasting) {
    this.store = store;
    this.api = api;
    this.step = step;
    this.harm = harm;
    this.lasting = lasting;
    boolean large = Stream.of(Act.PATCH, Act.CLOSE, Act.CANCEL).anyMatch(step.act()::equals);
    this.blob = Blob.random(large ? IN_PARTS : SMALL);
    ownNames.add(blob.digest().substring("sha256:".length()));
  }

  /** Runs it; what the client saw, in short. */
  String run() {
    prepare();
    Predicate<ProxiedRequest> mine = request -> ownNames.stream().anyMatch(request::names);
    Predicate<ProxiedRequest> which = step.which().and(mine);
    Injection injection =
        store.inject(
            lasting
                ? Injection.of(harm.fault(), which.or(harm::isToo))
                : Injection.of(harm.fault(), which).limit(1));
    Answer answer = act();
    store.remove(injection);
    assertThat(injection.hits())
        .as("the step happens: %s, answered %s", this, answer.status())
        .isPositive();
    check(answer);
    boolean done = answer.status() != 0 && answer.status() < 400;
    if (done && step.act() != Act.PATCH && step.act() != Act.CANCEL) {
      assertPulls(); // acknowledged is there, whatever happened on the way
    }
    String outcome = answer.status() == 0 ? "cut" : String.valueOf(answer.status());
    return done ? outcome : outcome + " → " + recover();
  }

  private void prepare() {
    switch (step.act()) {
      case PATCH, PUT -> start();
      case CLOSE, CANCEL -> {
        start();
        upload = api.patch(upload, blob.slice(0, BEFORE_THE_END)).location();
      }
      case AGAIN -> {
        push(repository + "/first");
        start();
      }
      case HEAD, GET, REDIRECT, MOUNT -> push(repository);
    }
  }

  private Answer act() {
    return switch (step.act()) {
      case PATCH -> api.patch(upload, blob.slice(0, BEFORE_THE_END));
      case CLOSE -> close(BEFORE_THE_END);
      case PUT, AGAIN -> close(0);
      case HEAD -> api.head(path());
      case GET -> api.get(path());
      case REDIRECT -> api.get(path(), "X-Forwarded-For", REDIRECTED);
      case MOUNT ->
          api.post(
              uploads(repository + "/mounted") + "?mount=" + blob.digest() + "&from=" + repository,
              new byte[0]);
      case CANCEL -> api.delete(upload);
    };
  }

  /** Success; or the store is away and the client shall come again; a stream may also be cut. */
  private void check(Answer answer) {
    if (harm == Harm.SLOW || !lasting && harm.isPassing()) {
      assertThat(answer.status()).as("passing harm is not noticed: %s", this).isBetween(200, 399);
    }
    if (answer.status() == 503) {
      assertThat(answer.header("Retry-After")).as("Retry-After: %s", this).isNotEmpty();
    } else if (answer.status() == 0) {
      assertThat(step.act()).as("only streams are cut: %s", this).isEqualTo(Act.GET);
    } else {
      assertThat(answer.status()).as("%s", this).isBetween(200, 399);
    }
  }

  /** What clients do after a 503: the same again, or what the upload's state says. */
  private int recover() {
    return switch (step.act()) {
      case PATCH, CLOSE, PUT, AGAIN -> finishPush();
      case CANCEL -> until(204, 404);
      case MOUNT -> until(201);
      case REDIRECT -> until(307);
      case HEAD, GET -> {
        assertPulls();
        yield 200;
      }
    };
  }

  private int until(int... statuses) {
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> act().status(),
            status -> java.util.Arrays.stream(statuses).anyMatch(s -> s == status));
  }

  private int finishPush() {
    Awaitility.await().atMost(PATIENCE).until(this::tryToFinish);
    assertPulls();
    return 201;
  }

  private boolean tryToFinish() {
    Answer state = api.get(upload);
    if (state.status() == 404) {
      if (api.head(path()).status() == 200) {
        return true; // the lost answer was a 201
      }
      start();
      return close(0).status() == 201;
    }
    return state.status() == 204 && close(state.offset()).status() == 201;
  }

  private void assertPulls() {
    Answer pulled =
        Awaitility.await().atMost(PATIENCE).until(() -> api.get(path()), a -> a.status() == 200);
    assertThat(Blob.digest("sha256", pulled.body())).as("%s", this).isEqualTo(blob.digest());
  }

  private void start() {
    Answer started = api.post(uploads(repository), new byte[0]);
    assertThat(started.status()).as("POST: %s", this).isEqualTo(202);
    upload = started.location();
    ownNames.add(started.header("Docker-Upload-UUID"));
  }

  private void push(String to) {
    Answer pushed = api.post(uploads(to) + "?digest=" + blob.digest(), blob.bytes());
    assertThat(pushed.status()).as("POST: %s", this).isEqualTo(201);
  }

  private Answer close(int from) {
    String closing = Repository.closing(upload, blob.digest());
    return api.put(closing, "application/octet-stream", blob.slice(from, blob.size()));
  }

  private String path() {
    return "/v2/" + repository + "/blobs/" + blob.digest();
  }

  private static String uploads(String repository) {
    return "/v2/" + repository + "/blobs/uploads/";
  }

  @Override
  public String toString() {
    return step.title() + " × " + harm.title() + (lasting ? ", lasting" : ", once");
  }
}
