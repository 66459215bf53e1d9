package dev.entrepot.storage.s3;

import dev.entrepot.storage.JournalName;
import dev.entrepot.storage.StoreJournal;
import io.minio.messages.Contents;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Objects below {@code journal/}. */
record S3Journal(S3Client client) implements StoreJournal {
  private static final String PREFIX = "journal/";
  private static final int PAGE = 1000;

  @Override
  public void put(JournalName name, byte[] content) {
    client.putSide(PREFIX + name, content, false);
  }

  @Override
  public Optional<byte[]> read(JournalName name) {
    return client.read(PREFIX + name, Integer.MAX_VALUE);
  }

  @Override
  public List<JournalName> list(String prefix, @Nullable JournalName after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, not " + limit);
    }
    List<JournalName> names = new ArrayList<>();
    String last = after == null ? null : PREFIX + after;
    while (names.size() < limit) {
      int asked = Math.min(PAGE, limit - names.size());
      List<Contents> objects = client.list(PREFIX + prefix, last, asked);
      for (Contents object : objects) {
        last = object.objectName();
        String name = last.substring(PREFIX.length());
        if (JournalName.isValid(name)) {
          names.add(new JournalName(name));
        }
      }
      if (objects.size() < asked) {
        break;
      }
    }
    return names;
  }

  @Override
  public void delete(JournalName name) {
    client.delete(PREFIX + name);
  }
}
