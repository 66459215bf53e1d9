package dev.entrepot.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Measures this registry beside CNCF distribution and nginx on one machine and writes a report; see
 * docs/operations/benchmarks.md. Not a test: its figures depend on the machine.
 */
final class Bench {
  private static final List<Row> ROWS =
      List.of(
          ReadRow.manifest(),
          ReadRow.smallBlob(),
          ReadRow.largeBlob(),
          new AuthRow(),
          new UploadRow(),
          new PushRow(),
          new ColdRow(),
          new TlsRow(),
          new StartRow(),
          new LargeLayerRow(),
          new SlowUploadsRow(),
          new TagsRow(),
          new ScaleRow());

  private Bench() {}

  public static void main(String[] args) throws Exception {
    String time =
        LocalDateTime.now(ZoneId.systemDefault())
            .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
    String ids = ROWS.stream().map(Row::id).collect(Collectors.joining(", "));
    if (List.of(args).contains("--help")) {
      System.out.printf(Options.USAGE, ids);
      return;
    }
    Options options;
    try {
      options = Options.parse(args, time);
      options.rows().forEach(Bench::requireRow);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.printf(Options.USAGE, ids);
      System.exit(2);
      return;
    }
    System.exit(run(options) ? 0 : 1);
  }

  private static void requireRow(String id) {
    if (ROWS.stream().noneMatch(row -> row.id().equals(id))) {
      throw new IllegalArgumentException("unknown row " + id);
    }
  }

  /** Gives false when a row failed; a missed target or an absent tool is no failure. */
  private static boolean run(Options options) throws Exception {
    long begin = System.nanoTime();
    List<RowResult> results = new ArrayList<>();
    boolean sound = true;
    List<String> machine;
    try (Session session = new Session(options)) {
      Thread closer = new Thread(session::close);
      Runtime.getRuntime().addShutdownHook(closer);
      for (Row row : ROWS) {
        if (!options.wantsRow(row.id())) {
          continue;
        }
        RowResult result = new RowResult(row.id(), row.title());
        results.add(result);
        System.out.printf("measuring %s …%n", row.title());
        try {
          row.measure(session, result);
        } catch (Skipped e) {
          result.note("skipped: " + e.getMessage());
        } catch (Exception e) {
          sound = false;
          result.note("failed: " + e);
          e.printStackTrace();
        }
        Report.section(result).forEach(System.out::println);
      }
      machine = Machine.describe(session.seen());
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    write(options, new Report(options, machine, took, results));
    return sound;
  }

  private static void write(Options options, Report report) throws Exception {
    Path markdown = options.output().toAbsolutePath();
    String name = markdown.getFileName().toString().replaceFirst("\\.md$", "") + ".json";
    Path json = markdown.resolveSibling(name);
    Files.createDirectories(markdown.getParent());
    String text = report.markdown();
    Files.writeString(markdown, text);
    Files.writeString(json, report.json());
    System.out.println();
    System.out.println(text);
    System.out.println("written to " + markdown + " and " + json);
  }
}
