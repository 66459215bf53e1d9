package dev.entrepot.quota;

/**
 * One quota and what is there of it.
 *
 * @param kind what it is set on: {@code repository} or {@code namespace}
 * @param name of that
 * @param limit in bytes
 * @param used bytes of blobs that are there
 * @param reserved bytes that uploads under way are going to need
 */
record Scope(String kind, String name, long limit, long used, long reserved) {
  /** Whether so many bytes more fit in. */
  boolean hasRoomFor(long bytes) {
    return bytes <= limit - used - reserved;
  }
}
