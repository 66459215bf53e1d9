package dev.entrepot.storage;

import org.jspecify.annotations.Nullable;

/** What can go wrong in a store. No other exception leaves an adapter on purpose. */
public abstract sealed class StorageException extends RuntimeException {
  private StorageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** There are no bytes at the key, or no upload with the id. */
  public static final class NotFound extends StorageException {
    public NotFound(String what) {
      super("not in the store: " + what, null);
    }
  }

  /** The upload's durable bytes end before the offset that its state names. */
  public static final class OffsetMismatch extends StorageException {
    private final long actual;

    public OffsetMismatch(long expected, long actual) {
      super("expected " + expected + " durable bytes, there are " + actual, null);
      this.actual = actual;
    }

    /** The bytes that are there. */
    public long actual() {
      return actual;
    }
  }

  /** The bytes have another digest than expected. */
  public static final class DigestMismatch extends StorageException {
    private final Digest expected;
    private final Digest actual;

    public DigestMismatch(Digest expected, Digest actual) {
      super("expected " + expected + ", the bytes have " + actual, null);
      this.expected = expected;
      this.actual = actual;
    }

    /** The digest the caller gave. */
    public Digest expected() {
      return expected;
    }

    /** The digest of the bytes. */
    public Digest actual() {
      return actual;
    }
  }

  /** The store cannot do it now; nothing was changed, and trying again later is safe. */
  public static final class Unavailable extends StorageException {
    public Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The store was asked, and its answer was lost: the change may have happened or not. */
  public static final class OutcomeUnknown extends StorageException {
    public OutcomeUnknown(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
