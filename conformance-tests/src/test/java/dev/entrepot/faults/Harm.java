package dev.entrepot.faults;

import dev.entrepot.storage.testkit.s3.Fault;
import dev.entrepot.storage.testkit.s3.ProxiedRequest;
import java.time.Duration;

/** What goes wrong between the server and its store. */
enum Harm {
  SLOW("slow", new Fault.Delay(Duration.ofMillis(400))),
  ERROR("500", new Fault.Answer(500, "InternalError")),
  THROTTLED("503 SlowDown", new Fault.Answer(503, "SlowDown")),
  CREDENTIALS("wrong credentials", new Fault.Answer(403, "SignatureDoesNotMatch")),
  CLOCK("wrong clock", new Fault.Answer(403, "RequestTimeTooSkewed")),
  NO_BUCKET("no bucket", new Fault.Answer(404, "NoSuchBucket")),
  RESET_BEFORE("reset before", new Fault.ResetBefore()),
  RESET_HALF_WAY("reset in request", new Fault.ResetInRequest()),
  ANSWER_LOST("answer lost", new Fault.DropAnswer()),
  ANSWER_CUT("answer cut", new Fault.ResetInAnswer()),
  SILENCE("no answer in time", new Fault.DelayAnswer(FaultMatrixIT.STORE_TIMEOUT.multipliedBy(2)));

  private final String title;
  private final Fault fault;

  Harm(String title, Fault fault) {
    this.title = title;
    this.fault = fault;
  }

  String title() {
    return title;
  }

  Fault fault() {
    return fault;
  }

  /** Whether it is at this request, too: who misses an object looks whether the bucket is there. */
  boolean isToo(ProxiedRequest request) {
    return this == NO_BUCKET && request.method().equals("HEAD") && request.key().isEmpty();
  }

  /** Whether a second attempt of the server is worth it, so that a client must not notice one. */
  boolean isPassing() {
    return this != CREDENTIALS && this != CLOCK && this != NO_BUCKET;
  }
}
