package dev.entrepot.gc;

import static dev.entrepot.tag.ContentCore.digest;
import static dev.entrepot.tag.ContentCore.image;
import static dev.entrepot.tag.ContentCore.name;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.config.TestConfig;
import dev.entrepot.database.RecordingDataSource;
import dev.entrepot.database.TestDatabase;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.storage.filesystem.FilesystemBlobStore;
import dev.entrepot.tag.ContentCore;
import dev.entrepot.tag.StoredContent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a batch of clean-up costs does not grow with the tables: it finds its rows by indexes. */
class CleanUpPlansIT {
  private static final Pattern WHOLE =
      Pattern.compile("Seq Scan on (repository|maybe_empty|\\w+_p\\d\\d)\\b|Hash Join|Merge Join");

  @TempDir Path directory;

  @Test
  void noStatementReadsATableWhole() throws Exception {
    try (TestDatabase postgres = TestDatabase.open();
        FilesystemBlobStore store = FilesystemBlobStore.open(directory)) {
      var recorder = new RecordingDataSource(postgres.dataSource());
      var config =
          TestConfig.with(
              Map.of(
                  "entrepot.gc.grace", "0s",
                  "entrepot.gc.untagged-age", "0s",
                  "entrepot.trash.keep", "0s"));
      ContentCore core = new ContentCore(TestDatabase.on(recorder.dataSource()), config);
      StoredContent content = new StoredContent(core, store);
      RepositoryName here = name("here");
      content.pushImage(here, "tagged");
      core.push(here, image("tagged"), "t");
      content.pushImage(here, "untagged");
      content.pushBlob(here, "loose");
      core.delete(here, digest(image("untagged")));
      Collection collection = new Collection(core, store, config);
      recorder.clear();
      for (int i = 0; i < 4; i++) {
        collection.run();
      }
      List<RecordingDataSource.Run> runs = List.copyOf(recorder.runs());
      assertTrue(Collection.counted(core, "entrepot.gc.deleted", "bytes") > 0, "all were run");
      List<String> faults = new ArrayList<>();
      postgres
          .database()
          .transactByKeys(
              transaction -> {
                for (RecordingDataSource.Run run : runs) {
                  for (String line : run.explain(transaction)) {
                    if (WHOLE.matcher(line).find()) {
                      faults.add(run.sql() + "\n" + line);
                    }
                  }
                }
                return null;
              });
      assertTrue(faults.isEmpty(), String.join("\n\n", faults));
      assertFalse(runs.isEmpty());
    }
  }
}
