package dev.entrepot.storage.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.storage.BlobContent;
import dev.entrepot.storage.BlobUpload;
import dev.entrepot.storage.ByteRange;
import dev.entrepot.storage.DigestAlgorithm;
import dev.entrepot.storage.StorageException;
import dev.entrepot.storage.StoredBlob;
import dev.entrepot.storage.UploadState;
import dev.entrepot.storage.testkit.s3.Fault;
import dev.entrepot.storage.testkit.s3.Injection;
import dev.entrepot.storage.testkit.s3.S3Operation;
import dev.entrepot.storage.testkit.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the adapter makes of a store, or a network, that fails. */
class S3FaultsIT extends ProxiedServer {
  private static final int SIZE = 12_000_000;
  private static final int SUSPENDED_AT = 7_000_000;
  private static final List<S3Operation> STEPS =
      List.of(
          S3Operation.CREATE_MULTIPART,
          S3Operation.UPLOAD_PART,
          S3Operation.COMPLETE_MULTIPART,
          S3Operation.PUT_OBJECT,
          S3Operation.HEAD_OBJECT,
          S3Operation.GET_OBJECT,
          S3Operation.DELETE_OBJECT);

  /** Only where an answer shall be too late: on a busy machine any answer may be. */
  private static final S3Limits IMPATIENT =
      new S3Limits(
          LIMITS.maxConnections(),
          LIMITS.connectTimeout(),
          Duration.ofSeconds(2),
          5,
          LIMITS.partSize(),
          LIMITS.parallelParts(),
          LIMITS.bufferBudget(),
          LIMITS.bufferWait());

  private static final Map<String, Fault> FAULTS =
      Map.of(
          "500", new Fault.Answer(500, "InternalError"),
          "503", new Fault.Answer(503, "SlowDown"),
          "reset before", new Fault.ResetBefore(),
          "reset in request", new Fault.ResetInRequest(),
          "answer lost", new Fault.DropAnswer(),
          "answer late", new Fault.DelayAnswer(IMPATIENT.timeout().multipliedBy(2)));

  private final UUID id = UUID.randomUUID();
  private final byte[] content = content(SIZE);

  static Stream<Arguments> stepsAndFaults() {
    return STEPS.stream()
        .flatMap(step -> FAULTS.keySet().stream().map(fault -> Arguments.of(step, fault)));
  }

  /** An upload with a suspension in the midst of it, as two servers would do it. */
  private StoredBlob putInTwoRequests() {
    UploadState state;
    try (BlobUpload upload = store.startUpload(id, DigestAlgorithm.SHA256)) {
      append(upload, content, 0, SUSPENDED_AT);
      state = upload.suspend();
    }
    try (BlobUpload upload = store.resumeUpload(id, DigestAlgorithm.SHA256, state)) {
      append(upload, content, SUSPENDED_AT, SIZE);
      return upload.commit(digest(content));
    }
  }

  @ParameterizedTest
  @MethodSource("stepsAndFaults")
  void faultThatPassesIsNotNoticed(S3Operation step, String fault) {
    if (FAULTS.get(fault) instanceof Fault.DelayAnswer) {
      store = open(IMPATIENT);
    }
    Injection injection = proxy.inject(Injection.of(FAULTS.get(fault), step).limit(1));
    StoredBlob blob = putInTwoRequests();
    assertArrayEquals(content, read(blob));
    assertEquals(List.of(), store.listUploads(Duration.ZERO, 10));
    store.delete(blob.key());
    assertEquals(Optional.empty(), store.stat(blob.key()));
    assertEquals(1, injection.hits());
  }

  @Test
  void connectionsThatWereClosedMeanwhileCostOneAttempt() {
    StoredBlob blob = put(content(1000));
    ByteRange whole = new ByteRange(0, blob.size());
    List<BlobContent> atOnce =
        Stream.generate(() -> store.open(blob.key(), whole)).limit(2 * LIMITS.attempts()).toList();
    atOnce.forEach(BlobContent::close);
    proxy.disconnect();
    assertArrayEquals(content(1000), read(blob));
  }

  static Stream<Arguments> stepsAndLastingFaults() {
    return STEPS.stream()
        .flatMap(
            step ->
                Stream.of("503", "reset before", "answer lost")
                    .map(fault -> Arguments.of(step, fault)));
  }

  @ParameterizedTest
  @MethodSource("stepsAndLastingFaults")
  void faultThatStaysIsAnErrorAndPassesWithoutHarm(S3Operation step, String fault) {
    proxy.inject(Injection.of(FAULTS.get(fault), step));
    try {
      StoredBlob blob = putInTwoRequests();
      read(blob);
      store.delete(blob.key());
    } catch (StorageException.Unavailable | StorageException.OutcomeUnknown e) {
      // Which of the two is not for this test.
    }
    proxy.heal();
    store.list(null, 10).forEach(blob -> assertArrayEquals(content, read(blob)));
    store.abortUpload(id, UploadState.EMPTY);
    assertEquals(List.of(), store.listUploads(Duration.ZERO, 10));
    assertArrayEquals(content, read(put(content)));
  }

  @Test
  void completionOfUnknownOutcomeIsFoundOutByTheNextOne() {
    UploadState state;
    try (BlobUpload upload = store.startUpload(id, DigestAlgorithm.SHA256)) {
      append(upload, content, 0, SIZE);
      state = upload.suspend();
      proxy.inject(Injection.of(new Fault.DropAnswer(), S3Operation.COMPLETE_MULTIPART));
      proxy.inject(Injection.of(new Fault.ResetBefore(), S3Operation.HEAD_OBJECT));
      assertThrows(StorageException.OutcomeUnknown.class, () -> upload.commit(digest(content)));
    }
    proxy.heal();
    try (BlobUpload upload = store.resumeUpload(id, DigestAlgorithm.SHA256, state)) {
      assertArrayEquals(content, read(upload.commit(digest(content))));
    }
    assertEquals(1, store.list(null, 10).size());
  }

  @Test
  void blobThatCannotBeStoredIsNotThere() {
    proxy.inject(Injection.of(new Fault.Answer(503, "SlowDown"), S3Operation.PUT_OBJECT));
    assertThrows(StorageException.Unavailable.class, () -> put(content(10)));
    assertEquals(List.of(), store.list(null, 10));
  }

  @Test
  void blobWhosePutLostItsAnswersIsFound() {
    proxy.inject(Injection.of(new Fault.DropAnswer(), S3Operation.PUT_OBJECT));
    assertArrayEquals(content(10), read(put(content(10))));
  }

  @Test
  void downloadGoesOnWhereItsConnectionBroke() {
    StoredBlob blob = put(content);
    Injection injection =
        proxy.inject(Injection.of(new Fault.ResetInAnswer(), S3Operation.GET_OBJECT).limit(2));
    assertArrayEquals(content, read(blob));
    assertEquals(2, injection.hits());
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusalIsToldOnceAndInWords(int status, String code, String words) {
    Injection injection =
        proxy.inject(Injection.of(new Fault.Answer(status, code), S3Operation.LIST_OBJECTS));
    var refused = assertThrows(StorageException.Unavailable.class, () -> open(LIMITS));
    assertTrue(refused.getMessage().contains(words), refused::getMessage);
    assertEquals(1, injection.hits());
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(403, "RequestTimeTooSkewed", "the clocks of this machine and of the store"),
        Arguments.of(403, "InvalidAccessKeyId", "refuses the credentials"),
        Arguments.of(403, "AccessDenied", "refuses the credentials"),
        Arguments.of(404, "NoSuchBucket", "no such bucket"));
  }

  @Test
  void wrongSecretIsRefused() {
    S3Settings right = Buckets.settings(server, bucket);
    var wrong = new S3Credentials.Keys(S3Server.ACCESS_KEY, "wrong");
    var settings =
        new S3Settings(
            right.endpoint(),
            right.region(),
            bucket,
            wrong,
            true,
            Optional.empty(),
            Optional.empty(),
            right.encryption(),
            LIMITS);
    var refused = assertThrows(StorageException.Unavailable.class, () -> open(settings));
    assertTrue(refused.getMessage().contains("refuses the credentials"), refused::getMessage);
  }

  @Test
  void blobsOfABucketThatIsGoneAreAwayAndNotLost() throws IOException {
    StoredBlob blob = put(content(10));
    Files.move(server.objects().resolve(bucket), server.objects().resolve(bucket + ".away"));
    assertThrows(StorageException.Unavailable.class, () -> store.stat(blob.key()));
    assertThrows(StorageException.Unavailable.class, () -> read(blob));
  }
}
