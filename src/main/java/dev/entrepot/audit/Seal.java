package dev.entrepot.audit;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;

/**
 * Covers the events after the seal before it, up to and with {@code last}.
 *
 * @param number counts them from 1
 * @param previous hash of the seal before it; zeros at the first
 * @param month of all its events
 * @param last position of its last event
 * @param events how many it covers
 * @param total how many all seals up to this one cover
 * @param sealedAt in microseconds
 * @param content hash of its leaves
 * @param kid of the key that signs it
 */
record Seal(
    long number,
    byte[] previous,
    YearMonth month,
    Position last,
    long events,
    long total,
    Instant sealedAt,
    byte[] content,
    String kid) {
  static final byte[] NOTHING_BEFORE = new byte[Hashes.LENGTH];
  private static final String FORMAT = "entrepot audit seal 1";

  /** The chain: of everything above, and so of all events before. This is what is signed. */
  byte[] hash() {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeUTF(FORMAT);
      out.writeLong(number);
      out.write(previous);
      out.writeUTF(month.toString());
      out.writeInt(last.era());
      out.writeLong(last.tx());
      out.writeLong(last.id());
      out.writeLong(events);
      out.writeLong(total);
      out.writeLong(ChronoUnit.MICROS.between(Instant.EPOCH, sealedAt));
      out.write(content);
      out.writeUTF(kid);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Hashes.sha256(bytes.toByteArray());
  }
}
