package dev.entrepot.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * While servers are upgraded one after another, the previous release serves with the schema of the
 * next: a migration only adds. What is not used any more goes a release later, by a migration that
 * is named here.
 */
class MigrationsTest {
  /** The last one before several servers could share a database. */
  private static final int BEFORE_REPLICAS = 4;

  /** Those that take away what the release before did not use any more. */
  private static final List<String> CONTRACTING = List.of();

  private static final List<Pattern> TAKING_AWAY =
      List.of(
          pattern(
              "\\bDROP\\s+(TABLE|COLUMN|SEQUENCE|VIEW|TYPE|FUNCTION|SCHEMA|DEFAULT|IDENTITY)\\b"),
          pattern("\\bRENAME\\b"),
          pattern("\\bSET\\s+NOT\\s+NULL\\b"),
          pattern("\\bALTER\\s+(COLUMN\\s+)?\\w+\\s+(SET\\s+DATA\\s+)?TYPE\\b"),
          pattern("\\bTRUNCATE\\b"),
          // A constraint may only be replaced by a wider one of the same name.
          pattern("\\bDROP\\s+CONSTRAINT\\s+(\\w+)\\b(?![\\s\\S]*?ADD\\s+CONSTRAINT\\s+\\1\\b)"),
          // Servers of the release before do not fill it in.
          pattern("\\bADD\\s+COLUMN\\s+(?![^,;]*\\bDEFAULT\\b)[^,;]*\\bNOT\\s+NULL\\b"));

  private static Pattern pattern(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
  }

  private static List<String> faults(String sql) {
    String statements = sql.replaceAll("--[^\n]*", "");
    List<String> found = new ArrayList<>();
    for (Pattern taking : TAKING_AWAY) {
      taking.matcher(statements).results().forEach(match -> found.add(match.group()));
    }
    return found;
  }

  @Test
  void migrationsOnlyAdd() throws IOException {
    List<String> faults = new ArrayList<>();
    try (var files = Files.list(Path.of("main/resources/db/migration"))) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        int version = Integer.parseInt(name.substring(1, name.indexOf("__")));
        if (version > BEFORE_REPLICAS && !CONTRACTING.contains(name)) {
          faults(Files.readString(file)).forEach(fault -> faults.add(name + ": " + fault));
        }
      }
    }
    assertEquals(List.of(), faults);
  }

  @Test
  void whatTakesAwayIsFound() {
    for (String sql :
        List.of(
            "DROP TABLE tag;",
            "ALTER TABLE tag DROP COLUMN digest;",
            "ALTER TABLE tag RENAME COLUMN digest TO target;",
            "ALTER TABLE tag ALTER COLUMN digest SET NOT NULL;",
            "ALTER TABLE tag ALTER digest TYPE text;",
            "ALTER TABLE tag ADD COLUMN more text NOT NULL;",
            "ALTER TABLE blob DROP CONSTRAINT blob_state_check;")) {
      assertFalse(faults(sql).isEmpty(), sql);
    }
  }

  @Test
  void whatAddsIsAllowed() {
    for (String sql :
        List.of(
            "CREATE TABLE more (id bigint NOT NULL);",
            "ALTER TABLE tag ADD COLUMN more text;",
            "ALTER TABLE tag ADD COLUMN more bigint NOT NULL DEFAULT 0;",
            "ALTER TABLE a DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (true);",
            "-- DROP TABLE tag")) {
      assertEquals(List.of(), faults(sql), sql);
    }
  }
}
