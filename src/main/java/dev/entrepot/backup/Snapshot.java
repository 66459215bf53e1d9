package dev.entrepot.backup;

import java.util.List;

/**
 * What a backup says of one moment of the database: as JSON, written when all else is there.
 *
 * @param format of the backup, {@link #FORMAT}
 * @param identity of the database
 * @param schema version of its newest migration
 * @param at the moment, as ISO 8601 has it
 * @param tables in an order in which they can be filled: none refers to a later one
 * @param blobs those that the rows name
 */
record Snapshot(
    int format,
    String identity,
    String schema,
    String at,
    List<Table> tables,
    List<Sequence> sequences,
    Blobs blobs) {
  /** Raised when an older program would misread what a newer one writes. */
  static final int FORMAT = 1;

  /**
   * @param months the partitions that it has by month, such as {@code 2026-11}
   * @param sha256 of the file as it is on the disk
   */
  record Table(String name, List<String> columns, List<String> months, long rows, String sha256) {}

  /**
   * @param last the last value that was taken
   */
  record Sequence(String name, long last) {}

  /**
   * @param missing those whose bytes the store did not have, or had others than it should
   * @param sha256 of the file that lists them
   */
  record Blobs(long count, long bytes, long missing, String sha256) {}

  Snapshot withMissing(long missing) {
    return new Snapshot(
        format,
        identity,
        schema,
        at,
        tables,
        sequences,
        new Blobs(blobs.count, blobs.bytes, missing, blobs.sha256));
  }
}
