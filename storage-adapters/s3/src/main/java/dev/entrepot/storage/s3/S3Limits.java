package dev.entrepot.storage.s3;

import java.time.Duration;

/**
 * How much of everything the store may use.
 *
 * @param maxConnections requests at once; and as many more that clients' answers are read from
 * @param connectTimeout until a connection is there
 * @param timeout between two bytes of a request or an answer; ten times that for the answer to the
 *     completion of an upload in parts
 * @param attempts how often a request is sent at most, the first time included
 * @param partSize of the first thousand parts of an upload; later ones are larger. At least {@link
 *     #MIN_PART}
 * @param parallelParts parts of one upload under way at once
 * @param bufferBudget bytes of all uploads together that are held in memory
 * @param bufferWait how long an upload waits for memory
 */
public record S3Limits(
    int maxConnections,
    Duration connectTimeout,
    Duration timeout,
    int attempts,
    int partSize,
    int parallelParts,
    int bufferBudget,
    Duration bufferWait) {
  /** What S3 takes for a part that is not the last. */
  public static final int MIN_PART = 5 << 20;

  /** As S3 has it. */
  static final int MAX_PARTS = 10_000;

  private static final int PARTS_OF_A_SIZE = 1000;
  private static final int MAX_PART = 64 << 20;

  public S3Limits {
    if (partSize < MIN_PART || bufferBudget < 2L * partSize) {
      throw new IllegalArgumentException(
          "a part has at least " + MIN_PART + " bytes, and memory is for two of them at least");
    }
  }

  /** The defaults. */
  public static final S3Limits DEFAULT =
      new S3Limits(
          64,
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          5,
          8 << 20,
          4,
          96 << 20,
          Duration.ofSeconds(20));

  /** Bytes of a part: it doubles every thousand parts, so that 10,000 of them reach far. */
  long partSize(int number) {
    long size = (long) partSize << Math.min(20, (number - 1) / PARTS_OF_A_SIZE);
    return Math.min(size, Math.max(partSize, Math.min(MAX_PART, bufferBudget / 2)));
  }
}
