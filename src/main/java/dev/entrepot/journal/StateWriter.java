package dev.entrepot.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.StoreJournal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/**
 * Writes one state of a repository, in parts so that memory is bounded: lines of JSON, compressed.
 *
 * <pre>
 * {"format":1,"repository":"team/app"}
 * {"tag":"v1","digest":"sha256:…"}                                  all tags first
 * {"manifest":"sha256:…","mediaType":"…","content":"&lt;base64&gt;"}
 * {"end":3}                                                         how many lines came before
 * </pre>
 *
 * A state without its end does not count.
 */
final class StateWriter {
  static final int FORMAT = 1;
  private static final int PART = 2 << 20;
  private static final JsonFactory JSON = new JsonFactory();

  private final StoreJournal journal;
  private final StateName name;
  private final ByteArrayOutputStream part = new ByteArrayOutputStream();
  private int parts;
  private long lines;
  private long bytes;

  StateWriter(StoreJournal journal, StateName name, RepositoryName repository) {
    this.journal = journal;
    this.name = name;
    line(
        json -> {
          json.writeNumberField("format", FORMAT);
          json.writeStringField("repository", repository.value());
        });
  }

  void tag(String tag, Digest digest) {
    line(
        json -> {
          json.writeStringField("tag", tag);
          json.writeStringField("digest", digest.toString());
        });
  }

  void manifest(Digest digest, String mediaType, byte[] content) {
    line(
        json -> {
          json.writeStringField("manifest", digest.toString());
          json.writeStringField("mediaType", mediaType);
          json.writeBinaryField("content", content);
        });
  }

  /** How many bytes the state has in the store. */
  long end() {
    long before = lines;
    line(json -> json.writeNumberField("end", before));
    flush();
    return bytes;
  }

  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private void line(Fields fields) {
    try (JsonGenerator json =
        JSON.createGenerator(part).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written to", e);
    }
    part.writeBytes("\n".getBytes(StandardCharsets.US_ASCII));
    lines++;
    if (part.size() >= PART) {
      flush();
    }
  }

  private void flush() {
    if (part.size() == 0) {
      return;
    }
    var compressed = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(compressed)) {
      part.writeTo(zip);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written to", e);
    }
    journal.put(name.part(parts), compressed.toByteArray());
    bytes += compressed.size();
    parts++;
    part.reset();
  }
}
