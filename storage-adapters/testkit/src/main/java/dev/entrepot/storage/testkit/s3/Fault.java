package dev.entrepot.storage.testkit.s3;

import java.time.Duration;

/** What can go wrong between a client and a store. */
public sealed interface Fault {
  /** The request reaches the store only after that time. */
  record Delay(Duration time) implements Fault {}

  /** The store does what it is asked, and its answer starts only after that time. */
  record DelayAnswer(Duration time) implements Fault {}

  /** The request is read and answered with an error in the store's place, which never sees it. */
  record Answer(int status, String code) implements Fault {}

  /** The connection is reset before anything of the request reaches the store. */
  record ResetBefore() implements Fault {}

  /** The connection is reset when half of the request's body has reached the store. */
  record ResetInRequest() implements Fault {}

  /**
   * The connection is reset, and the request, which has no body, reaches the store only after that
   * time: unknown, and late.
   */
  record Late(Duration time) implements Fault {}

  /** The store does what it is asked, and the connection is reset before its answer: unknown. */
  record DropAnswer() implements Fault {}

  /** The connection is reset when half of the answer's body has been passed on. */
  record ResetInAnswer() implements Fault {}
}
