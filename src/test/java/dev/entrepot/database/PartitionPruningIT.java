package dev.entrepot.database;

import static dev.entrepot.tag.ContentCore.descriptor;
import static dev.entrepot.tag.ContentCore.digest;
import static dev.entrepot.tag.ContentCore.image;
import static dev.entrepot.tag.ContentCore.index;
import static dev.entrepot.tag.ContentCore.name;
import static dev.entrepot.tag.ContentCore.tag;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.entrepot.oci.MediaTypes;
import dev.entrepot.oci.RepositoryName;
import dev.entrepot.tag.ContentCore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a request asks of the database, it touches one partition of each table. */
class PartitionPruningIT {
  private static final Pattern PARTITION = Pattern.compile("\\b(\\w+)_p(\\d\\d)\\b");
  private static final RepositoryName HERE = name("here");
  private static final RepositoryName THERE = name("there");

  enum Request {
    FIND_BLOB {
      @Override
      void run(ContentCore core) {
        core.blobs.find(HERE, digest("config"));
      }
    },
    PUBLISH_BLOB {
      @Override
      void run(ContentCore core) {
        core.pushBlob(HERE, "new blob");
      }
    },
    MOUNT_BLOB {
      @Override
      void run(ContentCore core) {
        core.mount(THERE, HERE, digest("config"));
      }

      @Override
      int repositories() {
        return 2;
      }
    },
    LIST_HOLDERS {
      @Override
      void run(ContentCore core) {
        core.blobs.listHolders(digest("config"), 10);
      }
    },
    REVIVE_BLOB {
      @Override
      void run(ContentCore core) {
        condemn("repository_blob");
        core.blobs.find(HERE, digest("config"));
        condemn("repository_blob");
        core.push(HERE, image("config", "layer"), "new");
      }
    },
    REVIVE_MANIFEST {
      @Override
      void run(ContentCore core) {
        condemn("manifest");
        core.manifests.find(HERE, digest(image("config")));
        condemn("manifest");
        core.push(HERE, index(image("config")));
      }
    },
    UNLINK_BLOB {
      @Override
      void run(ContentCore core) {
        core.blobs.unlink(HERE, digest("loose"), ContentCore.TESTER);
      }
    },
    FIND_MANIFEST {
      @Override
      void run(ContentCore core) {
        core.manifests.find(HERE, digest(image("config")));
      }
    },
    PUSH_IMAGE {
      @Override
      void run(ContentCore core) {
        core.push(HERE, image("config", "layer"), "new", "t");
      }
    },
    PUSH_INDEX {
      @Override
      void run(ContentCore core) {
        core.push(HERE, index(image("config")), "t");
      }
    },
    DELETE_MANIFEST {
      @Override
      void run(ContentCore core) {
        core.delete(HERE, digest(image("config")));
      }
    },
    FIND_TAG {
      @Override
      void run(ContentCore core) {
        core.tags.find(HERE, tag("t"));
      }
    },
    FIND_MANIFEST_BY_TAG {
      @Override
      void run(ContentCore core) {
        core.tags.findManifest(HERE, tag("t"));
      }
    },
    LIST_TAGS {
      @Override
      void run(ContentCore core) {
        core.tags.list(HERE, "a", 100);
      }
    },
    DELETE_TAG {
      @Override
      void run(ContentCore core) {
        core.tags.delete(HERE, tag("t"), ContentCore.actor("x"));
      }
    },
    LIST_REFERRERS {
      @Override
      void run(ContentCore core) {
        core.referrers.list(HERE, digest("subject"), "a/b", null);
        core.referrers.list(HERE, digest("subject"), null, digest("x"));
      }
    };

    abstract void run(ContentCore core);

    /** How many repositories it is about: each has a partition. */
    int repositories() {
      return 1;
    }
  }

  private static TestDatabase postgres;
  private static RecordingDataSource recorder;
  private static ContentCore core;

  @BeforeAll
  static void open() {
    postgres = TestDatabase.open();
    recorder = new RecordingDataSource(postgres.dataSource());
    core = new ContentCore(TestDatabase.on(recorder.dataSource()));
  }

  @AfterAll
  static void close() {
    postgres.close();
  }

  @ParameterizedTest
  @EnumSource
  void aRequestTouchesOnePartitionOfEachTable(Request request) {
    for (String content : List.of("config", "layer", "loose")) {
      core.pushBlob(HERE, content);
    }
    core.pushBlob(THERE, "whatever");
    core.push(HERE, image("config"), "t");
    core.push(
        HERE,
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[],\"subject\":%s}"
            .formatted(MediaTypes.OCI_INDEX, descriptor("x/y", "subject")));
    core.repositories.get(HERE);
    core.repositories.get(THERE);
    recorder.clear();
    request.run(core);
    assertFalse(recorder.runs().isEmpty());
    for (RecordingDataSource.Run run : List.copyOf(recorder.runs())) {
      String plan = String.join("\n", postgres.database().read(run::explain));
      touched(plan)
          .forEach(
              (table, parts) ->
                  assertTrue(parts.size() <= request.repositories(), table + parts + plan));
    }
    removeWhatWasMade();
  }

  /**
   * Once a statement was run a few times on a connection, PostgreSQL considers a plan for all
   * values, which would lock every partition at each run. It must not find that cheaper.
   */
  @Test
  void partitionsStayPrunedOnceStatementsArePrepared() {
    core.pushImage(HERE, "prepared", "prepared");
    recorder.clear();
    core.blobs.find(HERE, digest("prepared"));
    core.tags.findManifest(HERE, tag("prepared"));
    core.tags.list(HERE, "a", 10);
    core.referrers.list(HERE, digest("x"), null, null);
    List<RecordingDataSource.Run> runs = List.copyOf(recorder.runs());
    Map<String, Set<String>> locked =
        postgres
            .database()
            .read(
                connection -> {
                  for (int i = 0; i < 20; i++) {
                    runAll(runs, connection);
                  }
                  connection.setAutoCommit(false);
                  runAll(runs, connection);
                  Map<String, Set<String>> found = locked(connection);
                  connection.rollback();
                  return found;
                });
    assertFalse(locked.isEmpty());
    locked.forEach((table, parts) -> assertEquals(1, parts.size(), table + parts));
  }

  private static void runAll(List<RecordingDataSource.Run> runs, Connection connection)
      throws SQLException {
    for (RecordingDataSource.Run run : runs) {
      run.again(connection);
    }
  }

  private static Map<String, Set<String>> locked(Connection connection) throws SQLException {
    List<String> tables =
        Sql.list(
            connection,
            """
            SELECT relname FROM pg_locks JOIN pg_class ON pg_class.oid = relation
            WHERE pid = pg_backend_pid() AND relkind = 'r'
            """,
            row -> row.getString(1));
    return touched(String.join(" ", tables));
  }

  private static Map<String, Set<String>> touched(String plan) {
    Map<String, Set<String>> touched = new TreeMap<>();
    Matcher matcher = PARTITION.matcher(plan);
    while (matcher.find()) {
      touched.computeIfAbsent(matcher.group(1), t -> new TreeSet<>()).add(matcher.group(2));
    }
    return touched;
  }

  /** By another connection, so that it is not among the statements that are looked at. */
  private static void condemn(String table) {
    postgres.database().read(c -> Sql.update(c, "UPDATE " + table + " SET condemned_at = now()"));
  }

  private static void removeWhatWasMade() {
    List<String> tables =
        new ArrayList<>(
            List.of(
                "tag",
                "trash_reference",
                "trash",
                "manifest_reference",
                "manifest",
                "repository_blob",
                "blob_holder",
                "blob"));
    postgres.database().read(c -> Sql.update(c, "TRUNCATE " + String.join(", ", tables)));
  }
}
