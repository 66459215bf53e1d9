package dev.entrepot.storage.s3;

import dev.entrepot.storage.StorageException;
import io.minio.messages.Contents;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Small objects beside the blobs.
 *
 * <pre>
 * uploads/&lt;uuid&gt;/tail.&lt;random&gt;        the bytes of a suspended upload after its parts
 * uploads/&lt;uuid&gt;/multipart.&lt;random&gt;   the key and the store's id of an upload in parts
 * notes/&lt;key&gt;                          the digest of a blob whose key does not name it
 * journal/&lt;2 hex&gt;/&lt;name&gt;              what is needed to rebuild the database: {@link S3Journal}
 * </pre>
 *
 * An upload in parts that nobody goes on with is found by its object here: not every store lists
 * such uploads.
 */
final class SideObjects {
  private static final String UPLOADS = "uploads/";
  private static final String MULTIPART = "multipart.";
  private static final int PAGE = 1000;
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final S3Client client;

  SideObjects(S3Client client) {
    this.client = client;
  }

  static String newTail(UUID id) {
    return UPLOADS + id + "/tail." + random();
  }

  static String newMarker(UUID id) {
    return UPLOADS + id + "/" + MULTIPART + random();
  }

  private static String random() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  /** Stores a text under a key, over what was there; with {@code onlyNew} only if nothing was. */
  void write(String key, String text, boolean onlyNew) {
    client.putSide(key, text.getBytes(StandardCharsets.US_ASCII), onlyNew);
  }

  Optional<String> read(String key) {
    return client
        .read(key, BufferPool.CHUNK)
        .filter(bytes -> bytes.length > 0)
        .map(bytes -> new String(bytes, StandardCharsets.US_ASCII));
  }

  /** Deletes an object that nobody needs; if it stays, the upload will be found by it. */
  void deleteQuietly(String key) {
    try {
      client.delete(key);
    } catch (StorageException e) {
      System.getLogger(SideObjects.class.getName())
          .log(System.Logger.Level.DEBUG, "side object not deleted key=" + key, e);
    }
  }

  /** Drops all that there is of an upload. */
  void dropUpload(UUID id) {
    String prefix = UPLOADS + id + "/";
    List<Contents> objects;
    do {
      objects = client.list(prefix, null, PAGE);
      for (Contents object : objects) {
        String key = object.objectName();
        if (key.startsWith(prefix + MULTIPART)) {
          read(key).ifPresent(this::abort);
        }
        client.delete(key);
      }
    } while (objects.size() == PAGE);
  }

  private void abort(String marker) {
    String[] words = marker.split(" ", 2);
    client.abortMultipart(words[0], words[1]);
  }

  void writeMarker(Multipart.Started multipart) {
    write(multipart.marker(), multipart.key() + " " + multipart.uploadId(), false);
  }

  /** Uploads whose youngest object is not after {@code latest}. */
  List<UUID> listUploads(Instant latest, int limit) {
    List<UUID> ids = new ArrayList<>();
    @Nullable String folder = null; // of the objects that are being looked at
    boolean old = false;
    @Nullable String after = null;
    while (true) {
      List<Contents> page = client.list(UPLOADS, after, PAGE);
      for (Contents object : page) {
        String key = object.objectName();
        String of =
            key.substring(UPLOADS.length(), Math.max(UPLOADS.length(), key.lastIndexOf('/')));
        if (!of.equals(folder)) {
          addIf(old, folder, ids);
          if (ids.size() == limit) {
            return ids;
          }
          folder = of;
          old = true;
        }
        old &= !object.lastModified().toInstant().isAfter(latest);
        after = key;
      }
      if (page.size() < PAGE) {
        addIf(old, folder, ids);
        return ids;
      }
    }
  }

  private static void addIf(boolean old, @Nullable String folder, List<UUID> ids) {
    if (old && folder != null && UUID_TEXT.matcher(folder).matches()) {
      ids.add(UUID.fromString(folder));
    }
  }
}
