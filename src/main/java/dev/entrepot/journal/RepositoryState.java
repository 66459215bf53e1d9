package dev.entrepot.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.oci.TagName;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.StoreJournal;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

/** A state of a repository that was written whole, as {@link StateWriter} does. */
public final class RepositoryState {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final StoreJournal journal;
  private final StateName state;
  private final RepositoryName name;

  /** What is told of it, all tags before the manifests. */
  public interface Reader {
    void tag(TagName tag, Digest digest);

    /**
     * A manifest.
     *
     * @param content what was read for the digest; whether it has it was not computed
     */
    void manifest(Digest digest, String mediaType, byte[] content);
  }

  private RepositoryState(StoreJournal journal, StateName state, RepositoryName name) {
    this.journal = journal;
    this.state = state;
    this.name = name;
  }

  /**
   * Reads all of it once, to see that it is there.
   *
   * @throws IOException when it is not, or was written by something else
   */
  static RepositoryState open(StoreJournal journal, StateName state) throws IOException {
    JsonNode[] first = new JsonNode[1];
    forEachLine(
        journal,
        state,
        line -> {
          if (first[0] == null) {
            first[0] = line;
          }
        });
    if (first[0] == null || first[0].path("format").asInt() != StateWriter.FORMAT) {
      throw new IOException("it is of another format");
    }
    RepositoryName name =
        RepositoryName.tryParse(first[0].path("repository").asText())
            .orElseThrow(() -> new IOException("it names no repository"));
    return new RepositoryState(journal, state, name);
  }

  public RepositoryName name() {
    return name;
  }

  /**
   * Reads it; may be done again and again.
   *
   * @throws IOException when it is gone meanwhile, or something in it is malformed
   */
  public void read(Reader reader) throws IOException {
    forEachLine(
        journal,
        state,
        line -> {
          if (line.has("tag")) {
            TagName tag =
                TagName.tryParse(line.get("tag").asText())
                    .orElseThrow(() -> new IOException("a tag is malformed"));
            reader.tag(tag, digest(line, "digest"));
          } else if (line.has("manifest")) {
            reader.manifest(
                digest(line, "manifest"),
                line.path("mediaType").asText(),
                line.path("content").binaryValue());
          }
        });
  }

  private static Digest digest(JsonNode line, String field) throws IOException {
    return Digest.tryParse(line.path(field).asText())
        .orElseThrow(() -> new IOException("a digest is malformed"));
  }

  private interface LineReader {
    void read(JsonNode line) throws IOException;
  }

  private static void forEachLine(StoreJournal journal, StateName state, LineReader reader)
      throws IOException {
    long lines = 0;
    for (int part = 0; ; part++) {
      byte[] content = journal.read(state.part(part)).orElse(null);
      if (content == null) {
        throw new IOException("part " + part + " is missing");
      }
      try (var text =
          new BufferedReader(
              new InputStreamReader(
                  new GZIPInputStream(new ByteArrayInputStream(content)),
                  StandardCharsets.UTF_8))) {
        for (String line = text.readLine(); line != null; line = text.readLine()) {
          JsonNode parsed = JSON.readTree(line);
          if (parsed.has("end")) {
            if (parsed.get("end").asLong() != lines) {
              throw new IOException("it has " + lines + " lines, and not as many as were written");
            }
            return;
          }
          lines++;
          reader.read(parsed);
        }
      } catch (JsonProcessingException e) {
        throw new IOException("part " + part + " is no JSON", e);
      }
    }
  }
}
