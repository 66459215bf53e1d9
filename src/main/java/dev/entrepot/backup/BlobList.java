package dev.entrepot.backup;

import dev.entrepot.storage.Digest;
import dev.entrepot.storage.StorageKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The blobs that a snapshot names, in order of their keys; read one by one from a file. */
final class BlobList implements AutoCloseable {
  /** Bytes that are being deleted, or were found to be rotten, are not kept. */
  static final String COPY =
      """
      COPY (
        SELECT storage_key, size, encode(digest, 'hex') FROM blob
        WHERE state NOT IN ('deleting', 'quarantined') ORDER BY storage_key)
      TO STDOUT
      """;

  static final String TOTAL =
      """
      SELECT count(*), coalesce(sum(size), 0) FROM blob
      WHERE state NOT IN ('deleting', 'quarantined')
      """;

  record Entry(StorageKey key, long size, Digest digest) {}

  private final CheckedFile.Reader file;
  private final BufferedReader lines;

  private BlobList(CheckedFile.Reader file) {
    this.file = file;
    this.lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.US_ASCII));
  }

  static BlobList open(Path file) throws IOException {
    return new BlobList(CheckedFile.Reader.open(file));
  }

  /** The next one; null at the end. */
  @Nullable Entry next() throws IOException {
    String line = lines.readLine();
    if (line == null) {
      return null;
    }
    String[] fields = line.split("\t", -1);
    return new Entry(
        new StorageKey(fields[0]),
        Long.parseLong(fields[1]),
        Digest.fromBytes(HexFormat.of().parseHex(fields[2])));
  }

  /** Of the whole file, once all entries were read. */
  String checksum() throws IOException {
    return file.checksum();
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
