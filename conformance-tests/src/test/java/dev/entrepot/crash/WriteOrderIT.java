package dev.entrepot.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.RegistryServer;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.crash.SystemCalls.Call;
import io.restassured.response.Response;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The order of system calls, over all threads of the server and all processes of its PostgreSQL,
 * that a 201 rests on: data synced, renamed into place, directory synced, transaction committed and
 * its log synced, and only then the answer on the client's socket.
 */
class WriteOrderIT {
  private static RegistryServer server;

  @BeforeAll
  static void startServer() {
    server = RegistryServer.start();
    // The first push makes the repository's row and the pool's connections; that is not looked at.
    server.registry().repository("order/warm").pushImage("1");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Test
  void blobOfOneRequestIsAnsweredAfterAllIsDurable() {
    Blob blob = Blob.random(3_000_000);
    Repository repository = repository();

    List<Call> calls =
        trace(
            () ->
                repository
                    .request()
                    .body(blob.bytes())
                    .post(repository.uploads() + "?digest=" + blob.digest())
                    .then()
                    .statusCode(201),
            isAnswer("HTTP/1.1 201", blob.digest()));

    assertBlobOrder(calls, blob);
  }

  @Test
  void blobOfPostAndPutIsAnsweredAfterAllIsDurable() {
    Blob blob = Blob.random(100_000);

    List<Call> calls =
        trace(() -> repository().push(blob), isAnswer("HTTP/1.1 201", blob.digest()));

    assertBlobOrder(calls, blob);
  }

  @Test
  void blobOfChunksIsAnsweredAfterAllIsDurable() {
    Blob blob = Blob.random(2_000_000);
    Repository repository = repository();

    List<Call> calls =
        trace(
            () -> {
              String location = repository.startUpload();
              location = repository.sendChunk(location, blob, 0, 900_000);
              location = repository.sendChunk(location, blob, 900_000, blob.size());
              repository.request().put(Repository.closing(location, blob.digest()));
            },
            isAnswer("HTTP/1.1 201", blob.digest()));

    assertBlobOrder(calls, blob);
  }

  @Test
  void chunkIsAnsweredAfterItsBytesAreDurable() {
    Blob blob = Blob.random(500_000);
    Repository repository = repository();
    String location = repository.startUpload();

    Predicate<Call> accepted = isAnswer("HTTP/1.1 202", "Range: 0-399999");
    List<Call> calls = trace(() -> repository.sendChunk(location, blob, 0, 400_000), accepted);

    Call answer = first(calls, accepted);
    Call write = last(calls, call -> isWrite(call) && call.target().contains("/uploads/"));
    Call sync =
        first(
            calls,
            call -> isSync(call) && call.target().contains("/uploads/") && write.before(call));
    // Its row need not be on disk: without it the client goes on from an earlier offset.
    assertBefore(sync, answer);
  }

  @Test
  void mountIsAnsweredAfterItsCommit() {
    Blob blob = repository().push(Blob.random(1000));
    Repository source = repository();
    source.push(blob);
    Repository target = server.registry().repository("order/mounted");

    Predicate<Call> created = isAnswer("HTTP/1.1 201", blob.digest());
    List<Call> calls =
        trace(
            () ->
                target
                    .request()
                    .post(target.uploads() + "?mount=" + blob.digest() + "&from=" + source.name())
                    .then()
                    .statusCode(201),
            created);

    assertBefore(first(calls, WriteOrderIT::isLogSync), first(calls, created));
  }

  @Test
  void manifestIsAnsweredAfterItsCommit() {
    Image image = Image.random();
    Repository repository = repository();
    repository.push(image.config());
    repository.push(image.layer());

    Predicate<Call> created = isAnswer("HTTP/1.1 201", image.manifest().digest());
    List<Call> calls = trace(() -> repository.push(image.manifest(), "1"), created);

    assertBefore(first(calls, WriteOrderIT::isLogSync), first(calls, created));
  }

  @Test
  void deletionIsAnsweredAfterItsCommit() {
    Repository repository = repository();
    Image image = repository.pushImage("1");

    Predicate<Call> accepted = isAnswer("HTTP/1.1 202", "");
    List<Call> calls =
        trace(
            () -> {
              Response answer =
                  repository.request().delete(repository.manifest(image.manifest().digest()));
              assertThat(answer.statusCode()).isEqualTo(202);
            },
            accepted);

    assertBefore(first(calls, WriteOrderIT::isLogSync), first(calls, accepted));
  }

  private static void assertBlobOrder(List<Call> calls, Blob blob) {
    String hex = blob.digest().substring(blob.digest().indexOf(':') + 1);
    Call rename =
        first(calls, call -> call.name().startsWith("rename") && call.about("/" + hex + "."));
    String upload = quoted(rename.arguments(), 0);
    String place = quoted(rename.arguments(), 1);
    String folder = place.substring(0, place.lastIndexOf('/'));

    Call lastWrite = last(calls, call -> isWrite(call) && call.target().equals(upload));
    Call dataSync =
        first(
            calls, call -> isSync(call) && call.target().equals(upload) && lastWrite.before(call));
    Call folderSync =
        first(calls, call -> isSync(call) && call.target().equals(folder) && rename.before(call));
    Call answer = first(calls, isAnswer("HTTP/1.1 201", blob.digest()));

    assertBefore(dataSync, rename);
    assertBefore(rename, folderSync);
    assertBefore(folderSync, logSyncAfter(calls, folderSync));
    assertBefore(logSyncAfter(calls, folderSync), answer);
  }

  private static Call logSyncAfter(List<Call> calls, Call earlier) {
    return first(calls, call -> isLogSync(call) && earlier.before(call));
  }

  private static void assertBefore(Call earlier, Call later) {
    assertThat(earlier.end()).as("end of %s, then %s", earlier, later).isLessThan(later.begin());
  }

  /** The write on the client's socket that has all of these texts. */
  private static Predicate<Call> isAnswer(String status, String text) {
    return call ->
        isWrite(call) && call.target().startsWith("TCP") && call.about(status) && call.about(text);
  }

  private static boolean isWrite(Call call) {
    return call.result() > 0
        && call.is("write", "writev", "pwrite64", "pwritev", "sendto", "sendmsg");
  }

  private static boolean isSync(Call call) {
    return call.result() == 0 && call.is("fsync", "fdatasync");
  }

  private static boolean isLogSync(Call call) {
    return isSync(call) && call.target().contains("/pg_wal/");
  }

  private static Call first(List<Call> calls, Predicate<Call> condition) {
    return calls.stream().filter(condition).findFirst().orElseThrow(() -> missing(calls));
  }

  private static Call last(List<Call> calls, Predicate<Call> condition) {
    return calls.stream()
        .filter(condition)
        .reduce((earlier, later) -> later)
        .orElseThrow(() -> missing(calls));
  }

  private static AssertionError missing(List<Call> calls) {
    String all = calls.stream().map(Call::toString).collect(Collectors.joining("\n"));
    return new AssertionError("no such call among\n" + all);
  }

  private static String quoted(String arguments, int number) {
    return arguments.split("\"", -1)[2 * number + 1];
  }

  private static Repository repository() {
    return server.registry().repository("order/warm");
  }

  private static List<Call> trace(Runnable push, Predicate<Call> last) {
    ProcessHandle java = ProcessHandle.of(server.pid()).orElseThrow();
    List<ProcessHandle> all =
        Stream.concat(Stream.of(java), PostgresProcesses.of(server.pid()).stream()).toList();
    return SystemCalls.during(all, push, last);
  }
}
